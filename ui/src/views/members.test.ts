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

test('who leaves stays inside until it is done, and reads what it waits for', async () => {
  const host = await settle()
  await host.leaveGroup(group)
  show(Members, { group })
  expect(await screen.findByTestId('going')).toHaveTextContent('as soon as another member’s computer has seen it')
  expect(screen.queryByTestId('leave')).toBeNull()
})

test('the last facilitator reads that somebody else has to be one first', async () => {
  const host = await settle()
  const view = await host.group(group)
  host.group = () => Promise.resolve({ ...view, going: 'onceSomebodyLeads' as const })
  show(Members, { group })
  expect(await screen.findByTestId('going')).toHaveTextContent('out once somebody else is one')
})
