import { screen, within } from '@testing-library/svelte'
import { beforeEach, expect, test, vi } from 'vitest'
import type { FakeHost } from '../../core/host/fake'
import type { ShareRequest } from '../../core/host'
import { settle, show } from '../../testing/show'
import { mostNotes, waitsFor, withNote } from './audience'
import ShareSheet from './ShareSheet.svelte'

let host: FakeHost
let asked: ShareRequest[]
const onshared = vi.fn()
const onkeep = vi.fn()

beforeEach(async () => {
  host = await settle()
  asked = []
  const share = host.share.bind(host)
  host.share = (request, draft) => {
    asked.push(request)
    return share(request, draft)
  }
  onshared.mockReset()
  onkeep.mockReset()
})

const group = '7'.repeat(32)
const sheet = (text = 'Three sentences of it.') =>
  show(ShareSheet, { group, entry: '1'.padStart(32, '0'), text, today: '2026-11-24', onkeep, onshared })
const go = (): HTMLElement => screen.getByTestId('share-go')

test('nobody is chosen at first, and nothing can leave until somebody is', async () => {
  const hand = sheet()
  await screen.findByTestId('audience')
  expect(go()).toHaveTextContent('Choose who reads it')
  expect(go()).toHaveAttribute('aria-disabled', 'true')
  await hand.click(go())
  expect(asked).toEqual([])
})

test('the preview is exactly what is sent, to exactly those who were chosen', async () => {
  const hand = sheet('I had the *sentence* ready.')
  const audience = await screen.findByTestId('audience')
  expect(screen.getByTestId('share-preview')).toHaveTextContent('I had the sentence ready.')
  await hand.click(within(audience).getByRole('button', { name: 'Noor' }))
  await hand.click(within(audience).getByRole('button', { name: 'Bea' }))
  expect(screen.getByTestId('exactly')).toHaveTextContent('Exactly what Noor and Bea will see')
  expect(go()).toHaveTextContent('Share with two people')
  await hand.click(go())
  await vi.waitFor(() => expect(onshared).toHaveBeenCalledWith(group))
  expect(asked).toEqual([{
    group, text: 'I had the *sentence* ready.', audience: ['noor', 'bea'], wish: 'justListen', contentNotes: [],
    entry: '1'.padStart(32, '0'), shareable: false,
  }])
})

test('everybody is a choice of its own, never the default, and empties the list of people', async () => {
  const hand = sheet()
  const audience = await screen.findByTestId('audience')
  await hand.click(within(audience).getByRole('button', { name: 'Noor' }))
  await hand.click(within(audience).getByRole('button', { name: 'Everybody' }))
  expect(within(audience).getByRole('button', { name: 'Noor' })).toHaveAttribute('aria-pressed', 'false')
  await hand.click(go())
  await vi.waitFor(() => expect(asked[0]?.audience).toEqual([]))
  expect(asked[0]?.shareable).toBe(false)
})

test('changing the group forgets who was chosen', () => {
  expect(waitsFor(null, { everybody: true, people: ['noor'] }, true)).toBe('group')
})

test('without words nothing leaves', async () => {
  const hand = sheet('')
  await hand.click(within(await screen.findByTestId('audience')).getByRole('button', { name: 'Noor' }))
  expect(go()).toHaveTextContent('Waiting for words')
})

test('one may keep it, and a refusal keeps the sheet and says why', async () => {
  const hand = sheet()
  await hand.click(within(await screen.findByTestId('audience')).getByRole('button', { name: 'Noor' }))
  host.share = () => Promise.reject(Object.assign(new Error(), { code: 'heldBack' }))
  await hand.click(go())
  expect(await screen.findByRole('alert')).toHaveTextContent('This is held back until the group is whole again.')
  expect(onshared).not.toHaveBeenCalled()
  await hand.keyboard('{Escape}')
  expect(onkeep).toHaveBeenCalledOnce()
})

test('at most three notes, and choosing one again takes it away', () => {
  let notes = withNote([], { kind: 'death' })
  notes = withNote(notes, { kind: 'own', words: 'cats' })
  notes = withNote(notes, { kind: 'panic' })
  expect(withNote(notes, { kind: 'body' })).toHaveLength(mostNotes)
  expect(withNote(notes, { kind: 'own', words: 'cats' })).toHaveLength(2)
})

test('what was written for a group stays as a draft when the sheet is left, with all that was chosen', async () => {
  const draft = { id: 'd1', request: { group, text: 'I nearly rang him.', audience: ['noor'], wish: 'askMe' as const, contentNotes: [], entry: null, shareable: false } }
  const hand = show(ShareSheet, { group, text: draft.request.text, draft, today: '2026-11-24', onkeep, onshared })
  const audience = await screen.findByTestId('audience')
  await vi.waitFor(() => expect(within(audience).getByRole('button', { name: 'Noor' })).toHaveAttribute('aria-pressed', 'true'))
  await hand.click(within(audience).getByRole('button', { name: 'Bea' }))
  await hand.click(screen.getByTestId('keep-it'))
  await vi.waitFor(() => expect(onkeep).toHaveBeenCalled())
  const kept = await host.unsent(group)
  expect(kept).toHaveLength(1)
  expect(kept[0]?.id).toBe('d1')
  expect(kept[0]?.request.audience).toEqual(['noor', 'bea'])
})

test('a draft is spent by sharing it', async () => {
  const id = await host.keepUnsent(null, { group, text: 'Day ten.', audience: [], wish: 'justListen', contentNotes: [], entry: null, shareable: false })
  const [draft] = await host.unsent(group)
  const hand = show(ShareSheet, { group, text: 'Day ten.', draft, today: '2026-11-24', onkeep, onshared })
  await hand.click(within(await screen.findByTestId('audience')).getByRole('button', { name: 'Noor' }))
  await hand.click(go())
  await vi.waitFor(() => expect(onshared).toHaveBeenCalledWith(group))
  expect((await host.unsent(group)).map((one) => one.id)).not.toContain(id)
})
