import { beforeEach, expect, test } from 'vitest'
import { settle } from '../testing/show'
import { BoxWords } from './draft.svelte'
import type { FakeHost } from './host/fake'
import { giveUpWords } from './open.svelte'

let host: FakeHost
const place = 'answer:a note'

beforeEach(async () => {
  host = await settle()
})

test('words that could not be kept at first are kept when the page is put away', async () => {
  const keep = host.keepWords.bind(host)
  let full = true
  let tried = 0
  host.keepWords = (...words) => {
    tried += 1
    return full ? Promise.reject(new Error('the disk is full')) : keep(...words)
  }
  const box = new BoxWords(place)
  box.keep('A walk before lunch.')
  await expect.poll(() => tried).toBe(1)
  expect(await host.keptWords(place)).toBeNull()
  full = false
  await giveUpWords()
  expect(await host.keptWords(place)).toBe('A walk before lunch.')
})

test('words that were sent do not come back from a keeping that was still on its way', async () => {
  const keep = host.keepWords.bind(host)
  let arrived: (() => void) | undefined
  host.keepWords = async (at, words) => {
    if (words !== '') await new Promise<void>((done) => (arrived = done))
    await keep(at, words)
  }
  const box = new BoxWords(place)
  box.keep('A walk before lunch.')
  const away = giveUpWords()
  await expect.poll(() => arrived).toBeDefined()
  const forgotten = box.forget()
  arrived?.()
  await Promise.all([away, forgotten])
  expect(await host.keptWords(place)).toBeNull()
})
