import { screen } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import type { FakeHost } from '../core/host/fake'
import { settle, show } from '../testing/show'
import Group from './Group.svelte'

const group = '7'.repeat(32)
const today = '2026-11-24'
const relayIsAway = (host: FakeHost): void => {
  host.light = () => Promise.resolve({ kind: 'unreachable', group })
}

test('when the relay is away the group says what waits, and it can be asked again', async () => {
  const host = await settle({}, relayIsAway)
  const hand = show(Group, { group, today })
  expect(await screen.findByTestId('relay-away')).toHaveTextContent('what you write waits here, sealed.')
  await hand.click(screen.getByTestId('ask-relay'))
  await vi.waitFor(() => expect(host.calls).toContain('syncNow'))
  expect(screen.getByTestId('relay-away')).toHaveTextContent('It was asked again.')
})

test('while the relay answers nothing is said of it', async () => {
  await settle()
  show(Group, { group, today })
  expect(await screen.findByTestId('share-something')).toBeVisible()
  expect(screen.queryByTestId('relay-away')).toBeNull()
})

test('who was away for too long is told so, and what to do', async () => {
  await settle({}, (given) => {
    const rows = given.groups()
    given.groups = async () => (await rows).map((row) => (row.id === group ? { ...row, standing: 'longAway' as const } : row))
  })
  show(Group, { group, today })
  expect(await screen.findByTestId('standing')).toHaveTextContent('away for more than 90 days')
  expect(screen.getByTestId('standing')).toHaveTextContent('ask somebody there for an invitation')
  expect(screen.queryByTestId('ask-back')).toBeNull()
})

test('a draft outlives a removal, and one for no group in particular is not shown with it', async () => {
  const host = await settle({}, (given) => {
    const rows = given.groups()
    given.groups = async () => (await rows).map((row) => (row.id === group ? { ...row, standing: 'removed' as const } : row))
  })
  const request = { audience: [], wish: 'justListen' as const, contentNotes: [], entry: null, shareable: false }
  await host.keepUnsent(null, { ...request, group, text: 'For the Thursdays.' })
  await host.keepUnsent(null, { ...request, group: '', text: 'For anybody.' })
  show(Group, { group, today })
  expect(await screen.findByText('For the Thursdays.')).toBeVisible()
  expect(screen.getByTestId('standing')).toHaveTextContent('What you wrote here is still yours')
  expect(screen.queryByText('For anybody.')).toBeNull()
})

test('who is alone in a new group is offered the invitation', async () => {
  const host = await settle()
  const view = await host.group(group)
  host.group = () => Promise.resolve({ ...view, members: view.members.slice(0, 1) })
  host.feed = () => Promise.resolve([])
  const hand = show(Group, { group, today })
  await hand.click(await screen.findByTestId('invite-first'))
  expect(await screen.findByTestId('invite-link')).toBeVisible()
})
