import { screen, within } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import { settle, show } from '../testing/show'
import Members from './Members.svelte'

const group = '7'.repeat(32)

test('who was asked about is removed, and nobody before it was answered', async () => {
  const host = await settle()
  const removes = vi.spyOn(host, 'removeMember')
  const hand = show(Members, { group })
  const row = (await screen.findByText('Tomasz')).closest('li')
  if (!row) throw new Error('no row')
  await hand.click(within(row).getByTestId('member-menu'))
  await hand.click(await screen.findByTestId('remove-member'))
  const dialog = await screen.findByRole('alertdialog')
  expect(dialog).toHaveTextContent('From now on Tomasz receives nothing new.')
  expect(removes).not.toHaveBeenCalled()
  await hand.click(within(dialog).getByTestId('remove-ask-act'))
  expect(removes).toHaveBeenCalledExactlyOnceWith(group, 'tomasz')
})
