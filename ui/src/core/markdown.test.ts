import { expect, test } from 'vitest'
import { readMarkdown } from './markdown'

const words = (text: string): string => readMarkdown(text).map((line) => line.runs.map((run) => run.text).join('')).join('\n')

test('lines are told apart', () => {
  const kinds = readMarkdown('# One\n- two\n3. three\n- [x] four\n> five\n\nsix\n***').map((line) => line.kind)
  expect(kinds).toEqual(['heading', 'bullet', 'number', 'check', 'text', 'text', 'rule'])
})

test('marks become runs, and what is escaped stays as it was typed', () => {
  expect(readMarkdown('**a** *b* `c` ~~d~~')[0]?.runs.filter((run) => run.text.trim() !== '')).toEqual([
    { text: 'a', strong: true }, { text: 'b', em: true }, { text: 'c', code: true }, { text: 'd', strike: true },
  ])
  expect(words('2 \\* 3 is \\_six\\_')).toBe('2 * 3 is _six_')
})

test('a link keeps only an address that may be opened', () => {
  expect(readMarkdown('[here](<https://example.org/a_b>)')[0]?.runs).toEqual([{ text: 'here', href: 'https://example.org/a_b' }])
  expect(readMarkdown('[here](javascript:alert(1))')[0]?.runs.some((run) => run.href !== undefined)).toBe(false)
})

test('a picture does not travel with words', () => {
  expect(words('before ![table](hk:0123) after')).toBe('before  after')
})

test('markup is words, never markup', () => {
  expect(words('<img src=x onerror=alert(1)>')).toBe('<img src=x onerror=alert(1)>')
})

test('a hostile text is read in time', () => {
  const start = performance.now()
  readMarkdown(`${'*'.repeat(4000)}a\n`.repeat(20))
  readMarkdown('['.repeat(20_000))
  expect(performance.now() - start).toBeLessThan(1000)
})
