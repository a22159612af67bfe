import { screen } from '@testing-library/svelte'
import { beforeEach, expect, test, vi } from 'vitest'
import type { FakeHost } from '../../core/host/fake'
import type { RequestRow } from '../../core/host'
import { settle, show } from '../../testing/show'
import RequestPanel from './RequestPanel.svelte'
import WatchNote from './WatchNote.svelte'

const group = '7'.repeat(32)
let host: FakeHost
let request: RequestRow

beforeEach(async () => {
  host = await settle()
  const asks = (await host.group(group)).requests[0]
  if (!asks) throw new Error('nobody asks')
  request = asks
})

test('nobody is let in without the words having been confirmed', async () => {
  const hand = show(RequestPanel, { group, request, onclose: () => undefined })
  expect(screen.getByTestId('request-words').children).toHaveLength(8)
  await hand.click(screen.getByTestId('let-in'))
  expect(host.calls).not.toContain('letIn')
  expect(screen.getByTestId('let-in')).toHaveTextContent('Waiting for the words')
})

test('confirmed words let in, and are handed to the core', async () => {
  const onclose = vi.fn()
  const hand = show(RequestPanel, { group, request, onclose })
  await hand.click(screen.getByTestId('words-heard'))
  await hand.click(screen.getByTestId('let-in'))
  await vi.waitFor(() => expect(onclose).toHaveBeenCalledOnce())
  expect((await host.group(group)).members.map((one) => one.name)).toContain('Sam')
})

test('a request that was swapped meanwhile is refused by the core, and said', async () => {
  const hand = show(RequestPanel, { group, request: { ...request, words: [...request.words].reverse() }, onclose: () => undefined })
  await hand.click(screen.getByTestId('words-heard'))
  await hand.click(screen.getByTestId('let-in'))
  expect(await screen.findByRole('alert')).toHaveTextContent('The words are not the same. Nobody was let in.')
})

test('different words lead away from letting in', async () => {
  const hand = show(RequestPanel, { group, request, onclose: () => undefined })
  await hand.click(screen.getByTestId('words-different'))
  expect(screen.queryByTestId('let-in')).toBeNull()
  await hand.click(screen.getByTestId('turn-away'))
  await vi.waitFor(() => expect(host.calls).toContain('turnAway'))
})

test('a link that was used twice is said beside the words', () => {
  show(RequestPanel, { group, request: { ...request, linkUsedTwice: true }, onclose: () => undefined })
  expect(screen.getByTestId('request-panel')).toHaveTextContent('used more than once')
})

test('that nobody watches here is read once', async () => {
  const hand = show(WatchNote, { group })
  expect(await screen.findByRole('dialog')).toHaveTextContent('Writing alone may be read tomorrow.')
  await hand.click(screen.getByTestId('watch-read'))
  await vi.waitFor(() => expect(host.calls).toContain('watchNoteRead'))
})
