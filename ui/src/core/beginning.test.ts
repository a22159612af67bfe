import { expect, test } from 'vitest'
import { beginning } from './beginning'

test('a beginning ends behind a whole word, and says where the entry goes on', () => {
  expect(beginning({ firstLine: 'All of it.', words: 3 })).toBe('All of it.')
  expect(beginning({ firstLine: 'Only a line.', words: 9 })).toBe('Only a line. …')
  const line = 'evening '.repeat(20).slice(0, 118) + 'an'
  expect(line).toHaveLength(120)
  const cut = beginning({ firstLine: line, words: 40 })
  expect(cut.endsWith('evening …')).toBe(true)
  expect(line.startsWith(cut.slice(0, -2))).toBe(true)
})
