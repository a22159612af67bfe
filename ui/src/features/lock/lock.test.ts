import { screen } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import { passphrase } from '../../core/host/fake'
import { settle, show } from '../../testing/show'
import Locked from './Locked.svelte'
import OtherWay from './OtherWay.svelte'
import { greeting } from './greeting'

const nothing = (): void => undefined

test('the greeting follows the clock and is neutral in the small hours', () => {
  const at = (hour: number): string => greeting(new Date(2026, 10, 24, hour))
  expect([at(3), at(8), at(14), at(21)]).toEqual(['lock.night', 'lock.morning', 'lock.day', 'lock.evening'])
})

test('the field has the focus, and the right passphrase opens and leaves the page', async () => {
  await settle({ state: 'locked' })
  const onopened = vi.fn()
  const hand = show(Locked, { onother: nothing, onplan: nothing, onopened })
  const field = screen.getByLabelText<HTMLInputElement>('Passphrase')
  expect(field).toHaveFocus()
  await hand.type(field, `${passphrase}{Enter}`)
  await vi.waitFor(() => expect(onopened).toHaveBeenCalledOnce())
  expect(field.value).toBe('')
})

test('a wrong passphrase says that nothing is lost, and never empties the field', async () => {
  await settle({ state: 'locked' })
  const hand = show(Locked, { onother: nothing, onplan: nothing, onopened: nothing })
  const field = screen.getByLabelText<HTMLInputElement>('Passphrase')
  await hand.type(field, 'not it{Enter}')
  expect(await screen.findByRole('alert')).toHaveTextContent('That does not open it. Nothing is lost, and you can try as often as you like.')
  expect(field.value).toBe('not it')
  expect(field).toHaveAttribute('aria-invalid', 'true')
})

test('from the third try the other way in is drawn as a button', async () => {
  await settle({ state: 'locked' })
  const hand = show(Locked, { onother: nothing, onplan: nothing, onopened: nothing })
  const other = screen.getByRole('button', { name: 'Another way in' })
  expect(other).toHaveClass('plain')
  for (let tries = 0; tries < 3; tries += 1) {
    await hand.type(screen.getByLabelText('Passphrase'), 'x{Enter}')
    await screen.findByRole('alert')
  }
  await vi.waitFor(() => expect(other).toHaveClass('outline'))
})

test('a disk that is full while opening is told as such, not as a wrong passphrase', async () => {
  await settle({ state: 'locked' }, (host) => host.room.refusals.set('unlock', 'diskFull'))
  const hand = show(Locked, { onother: nothing, onplan: nothing, onopened: nothing })
  await hand.type(screen.getByLabelText('Passphrase'), 'anything{Enter}')
  expect(await screen.findByRole('alert')).toHaveTextContent('The disk is full.')
})

test('twenty-four words open, and wrong ones say which kind of mistake to look for', async () => {
  await settle({ state: 'locked' })
  const onopened = vi.fn()
  const hand = show(OtherWay, { onback: nothing, onopened })
  await hand.type(screen.getByLabelText('Twenty-four words'), 'one two three')
  expect(screen.getByText('3 words of 24.')).toBeVisible()
  await hand.click(screen.getByRole('button', { name: 'Open' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('There are 3 words. It takes 24.')
  expect(onopened).not.toHaveBeenCalled()
})
