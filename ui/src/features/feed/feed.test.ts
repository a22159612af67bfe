import { cleanup, screen, within } from '@testing-library/svelte'
import { beforeEach, expect, test, vi } from 'vitest'
import type { FakeHost } from '../../core/host/fake'
import type { GroupView, ReflectionView } from '../../core/host'
import { settle, show } from '../../testing/show'
import Reflection from './Reflection.svelte'

let host: FakeHost
let group: GroupView
let feed: ReflectionView[]

beforeEach(async () => {
  host = await settle()
  group = await host.group('7'.repeat(32))
  feed = await host.feed(group.row.id)
})

const onstopped = vi.fn()
function showNote(id: string, change: Partial<ReflectionView> = {}) {
  const note = feed.find((one) => one.id === id)
  if (!note) throw new Error(id)
  return show(Reflection, { group, note: { ...note, ...change }, today: '2026-11-24', onstopped })
}

test('just listen has no box for words: only the reactions that the wish allows', () => {
  showNote('n1')
  expect(screen.queryByTestId('answer-open')).toBeNull()
  expect(within(screen.getByTestId('reactions')).getAllByRole('button').map((one) => one.textContent.trim())).toEqual(['Heard you', 'With you', 'A candle'])
})

test('reactions are names in the order they came, never a figure', () => {
  showNote('n1')
  const said = screen.getByTestId('reacted').textContent
  expect(said).toBe('Tomasz, Ines: heard you. Bea: a candle')
  expect(said).not.toMatch(/\d/)
})

test('a content note is a choice, and the words are not in the page until it is opened', async () => {
  const hand = showNote('n2')
  expect(document.body.textContent).not.toContain('counted cars')
  expect(screen.getByTestId('folded')).toHaveTextContent('death and dying, drink or drugs in detail')
  await hand.click(screen.getByTestId('unfold'))
  expect(screen.getByTestId('note-text')).toHaveTextContent('counted cars')
})

test('a question is cut off at the wish’s length, by letters and not by code units', async () => {
  const hand = showNote('n3', { mine: false, authorName: 'Bea', wish: 'askMe', mayAnswer: 5 })
  await hand.click(screen.getByTestId('answer-open'))
  expect(screen.getByLabelText('One question')).toBeVisible()
  await hand.type(screen.getByTestId('answer-text'), '🙂🙂🙂🙂🙂')
  expect(screen.getByTestId('answer-send')).not.toHaveAttribute('aria-disabled')
  await hand.type(screen.getByTestId('answer-text'), '🙂')
  expect(screen.getByTestId('answer-send')).toHaveTextContent('1 letter too many.')
})

test('a refused answer keeps its words', async () => {
  host.room.refusals.set('answer', 'relayUnreachable')
  const hand = showNote('n2', { contentNotes: [] })
  await hand.click(screen.getByTestId('answer-open'))
  await hand.type(screen.getByTestId('answer-text'), 'I have stood there')
  await hand.click(screen.getByTestId('answer-send'))
  expect(await screen.findByRole('alert')).toHaveTextContent('The relay does not answer.')
  expect(screen.getByTestId('answer-text')).toHaveValue('I have stood there')
})

test('what waits can be stopped, and its text comes back', async () => {
  const hand = showNote('n3', { state: { kind: 'waiting', seconds: 7 } })
  expect(screen.getByText('Leaves in 7 seconds.')).toBeVisible()
  await hand.click(screen.getByTestId('stop-sharing'))
  await vi.waitFor(() => expect(onstopped).toHaveBeenCalledWith(expect.stringContaining('cut the bread')))
})

test('taking back asks once, with the safe answer focused, and tells who has removed it', async () => {
  const hand = showNote('n3')
  await hand.click(screen.getByTestId('take-back'))
  const dialog = await screen.findByRole('alertdialog')
  expect(dialog).toHaveTextContent('Somebody may remember or have copied it.')
  await vi.waitFor(() => expect(within(dialog).getByRole('button', { name: 'Leave it there' })).toHaveFocus())
  await hand.click(screen.getByTestId('take-back-ask-act'))
  await vi.waitFor(() => expect(host.calls).toContain('takeBack'))
})

test('who has removed it is told by name, and that somebody may remember', () => {
  showNote('n3', { state: { kind: 'takenBack' }, text: '', removedBy: ['Noor'], removalAsked: 3 })
  expect(screen.getByTestId('receipts')).toHaveTextContent('Three devices were asked to remove it. Removed by Noor. Each answers when it next connects.')
  expect(screen.getByTestId('receipts')).toHaveTextContent('Somebody may remember or have copied it.')
})

test('when all have removed it nobody is awaited any more', () => {
  showNote('n3', { state: { kind: 'takenBack' }, text: '', removedBy: ['Noor', 'Bea'], removalAsked: 2 })
  expect(screen.getByTestId('receipts')).toHaveTextContent('Two devices were asked to remove it. Removed by Noor and Bea. Somebody may remember or have copied it.')
})

test('who is no longer inside reads their own words, and is offered nothing that cannot be done', () => {
  group.row.standing = 'removed'
  showNote('n3')
  expect(screen.getByTestId('note-text')).toHaveTextContent('cut the bread')
  for (const act of ['correct', 'correct-answer', 'take-back']) expect(screen.queryByTestId(act)).toBeNull()
  cleanup()
  showNote('n3', { state: { kind: 'outbox' } })
  expect(screen.getByText('This never left. Nobody else has read it.')).toBeVisible()
})

test('who went out of the group before a taking back had left is told that it did not arrive', () => {
  group.row.standing = 'removed'
  showNote('n3', { state: { kind: 'notTakenBack', perhaps: false } })
  expect(screen.getByTestId('note-text')).toHaveTextContent('cut the bread')
  expect(screen.getByTestId('not-taken-back')).toHaveTextContent('did not reach the group')
  expect(screen.getByTestId('not-taken-back')).toHaveTextContent('The others can still read it.')
  expect(screen.queryByTestId('take-back')).toBeNull()
  cleanup()
  showNote('n3', { state: { kind: 'notTakenBack', perhaps: true } })
  expect(screen.getByTestId('not-taken-back')).toHaveTextContent('the others may still read it')
})

test('a link in a reflection is asked about, and the one that was asked about is opened', async () => {
  const opens = vi.fn(() => Promise.resolve())
  host.openOutside = opens
  const hand = showNote('n3', { text: 'I read [this page](https://example.org/night).' })
  await hand.click(screen.getByRole('button', { name: 'this page' }))
  await hand.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Open it' }))
  expect(opens).toHaveBeenCalledExactlyOnceWith('https://example.org/night')
})

test('an answer that has not left says so, and an answer that could not any more as well', () => {
  const answers = (feed.find((one) => one.id === 'n3')?.answers ?? []).map((one, at) => ({ ...one, mine: at === 0, waits: at === 0 }))
  showNote('n3', { answers })
  expect(screen.getAllByTestId('answer-waits').map((one) => one.textContent)).toEqual(['Waits here, sealed, until it can leave.'])
  cleanup()
  group.row.standing = 'removed'
  showNote('n3', { answers })
  expect(screen.getByTestId('answer-waits')).toHaveTextContent('This never left.')
})

test('an answer that was not sent is there again, and a sent one is not', async () => {
  let hand = showNote('n2', { contentNotes: [] })
  await hand.click(screen.getByTestId('answer-open'))
  await hand.type(screen.getByTestId('answer-text'), 'I have stood there')
  cleanup()
  await vi.waitFor(async () => expect(await host.keptWords('answer:n2')).toBe('I have stood there'))
  hand = showNote('n2', { contentNotes: [] })
  await hand.click(screen.getByTestId('answer-open'))
  await vi.waitFor(() => expect(screen.getByTestId('answer-text')).toHaveValue('I have stood there'))
  await hand.click(screen.getByTestId('answer-send'))
  await vi.waitFor(async () => expect(await host.keptWords('answer:n2')).toBeNull())
})

test('a correction shows the words as they are read, without signs', async () => {
  const hand = showNote('n3', { text: 'It was *the ordinary* one.' })
  await hand.click(screen.getByTestId('correct'))
  const page = await screen.findByRole('textbox', { name: 'Correct a word' })
  expect(page).toHaveTextContent('It was the ordinary one.')
  await hand.click(screen.getByTestId('correct-send'))
  await vi.waitFor(() => expect(host.calls).toContain('correct'))
})
