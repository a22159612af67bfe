import { screen } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import { settle, show } from '../testing/show'
import Begin from './Begin.svelte'

const nothing = (): void => undefined

test('a vault is made, its words are shown once, and three are asked back', async () => {
  const host = await settle({ state: 'new', empty: true })
  const onready = vi.fn()
  const hand = show(Begin, { onready, onplan: nothing })
  await hand.type(screen.getByLabelText('Passphrase'), 'heron sevenfold ditch ladle moss')
  expect(await screen.findByText(/longer than a lifetime/)).toBeVisible()
  await hand.click(screen.getByTestId('make-vault'))
  expect(host.calls).not.toContain('createVault')
  await hand.type(screen.getByLabelText('Once more'), 'heron sevenfold ditch ladle moss')
  await hand.click(screen.getByTestId('make-vault'))
  const words = await screen.findByTestId('words')
  const list = [...words.children].map((one) => one.textContent)
  expect(list).toHaveLength(24)
  await hand.click(screen.getByTestId('have-words'))
  await hand.type(screen.getByLabelText('Word 5'), list[4] ?? '')
  await hand.type(screen.getByLabelText('Word 11'), list[11] ?? '')
  await hand.type(screen.getByLabelText('Word 20'), list[19] ?? '')
  await hand.click(screen.getByTestId('try-words'))
  expect(await screen.findByText('That is word 12. Look one word earlier.')).toBeVisible()
  expect(onready).not.toHaveBeenCalled()
  await hand.clear(screen.getByLabelText('Word 11'))
  await hand.type(screen.getByLabelText('Word 11'), list[10] ?? '')
  await hand.click(screen.getByTestId('try-words'))
  await vi.waitFor(() => expect(onready).toHaveBeenCalledOnce())
})

test('an invitation pasted before there is a vault is kept', async () => {
  const host = await settle({ state: 'new', empty: true })
  const hand = show(Begin, { onready: nothing, onplan: nothing })
  await hand.click(screen.getByTestId('have-invitation'))
  await hand.type(screen.getByLabelText('Invitation'), 'something else')
  await hand.click(screen.getByTestId('keep-invitation'))
  expect(await screen.findByRole('alert')).toHaveTextContent('This is not an invitation.')
  await hand.clear(screen.getByLabelText('Invitation'))
  await hand.type(screen.getByLabelText('Invitation'), 'hearthkeep://join#secret')
  await hand.click(screen.getByTestId('keep-invitation'))
  expect(await screen.findByTestId('invitation-kept')).toHaveTextContent('It waits until your journal is made.')
  expect((await host.profile()).invitationWaits).toBe(true)
})

test('a backup that does not open changes nothing and says so', async () => {
  await settle({ state: 'new', empty: true })
  const hand = show(Begin, { onready: nothing, onplan: nothing })
  await hand.click(screen.getByTestId('have-backup'))
  await hand.type(screen.getByLabelText('A new passphrase for this computer'), 'heron sevenfold ditch ladle moss')
  await hand.type(screen.getByLabelText('Once more'), 'heron sevenfold ditch ladle moss')
  await hand.click(screen.getByTestId('restore-file'))
  await hand.type(await screen.findByLabelText('The backup’s passphrase'), 'wrong')
  await hand.click(screen.getByTestId('restore-go'))
  expect(await screen.findByRole('alert')).toHaveTextContent('That does not open this backup. Nothing was changed.')
  await hand.clear(screen.getByTestId('restore-secret'))
  await hand.type(screen.getByTestId('restore-secret'), 'the right one')
  await hand.click(screen.getByTestId('restore-go'))
  expect(await screen.findByTestId('restored')).toHaveTextContent('1,204 entries and 38 pictures came back.')
})
