import { expect, test } from 'vitest'
import { comparedWords, wordRuns } from './words'

const then = (text: string) => ({ change: 'then' as const, text })
const now = (text: string) => ({ change: 'now' as const, text })
const same = (text: string) => ({ change: 'same' as const, text })

test('a changed line shows which words went and which came', () => {
  const runs = wordRuns('I got off early like a coward.', 'I got off early because of the shop.')
  expect(runs.filter((run) => run.change !== 'now').map((run) => run.text).join('')).toBe('I got off early like a coward.')
  expect(runs.filter((run) => run.change !== 'then').map((run) => run.text).join('')).toBe('I got off early because of the shop.')
  expect(runs[0]).toEqual(same('I got off early '))
})

test('unchanged lines are one, and a line without a partner stands alone', () => {
  const told = comparedWords([same('a'), same('b'), then('old line'), now('new line'), now('one more'), same('c')])
  expect(told).toHaveLength(4)
  expect(told[0]).toEqual({ same: 2 })
  expect(told[2]).toEqual({ runs: [now('one more')] })
  expect(told[3]).toEqual({ same: 1 })
})

test('a very long line is shown whole, in time', () => {
  const long = 'word '.repeat(20_000)
  const start = performance.now()
  expect(wordRuns(long, `${long}more`)).toHaveLength(2)
  expect(performance.now() - start).toBeLessThan(500)
})
