import * as Y from 'yjs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { settle } from '../testing/show'
import type { FakeHost } from './host/fake'
import { Writing } from './writing.svelte'

let host: FakeHost

beforeEach(async () => {
  host = await settle({ empty: true })
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

function typing(writing: Writing): { type: (words: string) => void; text: Y.Text } {
  const doc = new Y.Doc()
  const text = doc.getText('t')
  doc.on('update', (update: Uint8Array) => writing.add(update))
  return { text, type: (words) => text.insert(text.length, words) }
}

const page = (): Writing => new Writing(null, async () => (await host.newEntry()).id)

async function read(id: string): Promise<string> {
  const doc = new Y.Doc()
  const bytes = host.entryText(id)
  await vi.advanceTimersByTimeAsync(1)
  Y.applyUpdate(doc, await bytes)
  return doc.getText('t').toJSON()
}

test('an empty page makes no entry, and its first word makes one', async () => {
  const writing = page()
  await writing.close()
  expect(host.calls).not.toContain('newEntry')
  typing(writing).type('snow')
  await vi.advanceTimersByTimeAsync(600)
  expect(host.calls.filter((call) => call === 'newEntry')).toHaveLength(1)
})

test('keystrokes of a quarter of a second cross as one batch', async () => {
  const writing = page()
  const { type } = typing(writing)
  for (const letter of 'the long way round') {
    type(letter)
    await vi.advanceTimersByTimeAsync(10)
  }
  await vi.advanceTimersByTimeAsync(600)
  expect(host.calls.filter((call) => call === 'saveText')).toHaveLength(1)
  expect(await read(writing.entry ?? '')).toBe('the long way round')
})

test('saved is said only after the core has answered', async () => {
  const writing = page()
  let release = (): void => undefined
  const kept = host.saveText.bind(host)
  host.saveText = async (...given) => {
    await new Promise<void>((done) => (release = done))
    return kept(...given)
  }
  typing(writing).type('word')
  await vi.advanceTimersByTimeAsync(700)
  expect(writing.mark.kind).toBe('nothing')
  await vi.advanceTimersByTimeAsync(2_000)
  expect(writing.mark.kind).toBe('saving')
  expect(writing.stored).toBe(0)
  release()
  await vi.advanceTimersByTimeAsync(10)
  expect(writing.mark.kind).toBe('saved')
  expect(writing.stored).toBe(1)
})

test('what the disk refused is kept, said, and goes first when there is room again', async () => {
  const writing = page()
  const { type } = typing(writing)
  host.room.refusals.set('saveText', 'diskFull')
  type('before ')
  await vi.advanceTimersByTimeAsync(600)
  expect(writing.mark).toEqual({ kind: 'notSaved', code: 'diskFull' })
  expect(writing.owed).toBe(true)
  type('and after')
  host.room.refusals.clear()
  await vi.advanceTimersByTimeAsync(3_000)
  expect(writing.mark.kind).toBe('saved')
  expect(writing.owed).toBe(false)
  expect(await read(writing.entry ?? '')).toBe('before and after')
})

test('closing stores the last words before the session ends', async () => {
  const writing = page()
  typing(writing).type('last words')
  const closed = writing.close()
  await vi.advanceTimersByTimeAsync(10)
  await closed
  expect(host.calls.indexOf('saveText')).toBeGreaterThanOrEqual(0)
  expect(host.calls.indexOf('endSession')).toBeGreaterThan(host.calls.indexOf('saveText'))
})
