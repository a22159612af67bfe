import type { ComparedLine } from './host/types'

/** A run of words of a comparison. */
export type WordRun = { change: 'same' | 'then' | 'now'; text: string }
/** A line of a comparison: its runs, or so many lines that are as before. */
export type ComparedRuns = { runs: WordRun[] } | { same: number }

// Beyond it a line is shown whole, then and now: a table of all pairs of words would cost too much.
const most = 250_000

/** A comparison by lines as one reads it: a changed line shows which words changed, a run of unchanged lines is one. */
export function comparedWords(lines: ComparedLine[]): ComparedRuns[] {
  const told: ComparedRuns[] = []
  for (let at = 0; at < lines.length;) {
    const run = lines.slice(at).findIndex((line, step) => step > 0 && line.change !== lines[at]?.change)
    const end = run < 0 ? lines.length : at + run
    const part = lines.slice(at, end)
    if (part[0]?.change === 'same') told.push({ same: part.length })
    else if (part[0]?.change === 'then') {
      const now = takeWhile(lines.slice(end), 'now')
      told.push(...pairs(part, now))
      at = end + now.length
      continue
    } else told.push(...part.map((line) => ({ runs: [{ change: 'now' as const, text: line.text }] })))
    at = end
  }
  return told
}

function takeWhile(lines: ComparedLine[], change: ComparedLine['change']): ComparedLine[] {
  const end = lines.findIndex((line) => line.change !== change)
  return end < 0 ? lines : lines.slice(0, end)
}

/** Lines that went and lines that came, side by side; what has no partner stands alone. */
function pairs(then: ComparedLine[], now: ComparedLine[]): ComparedRuns[] {
  return Array.from({ length: Math.max(then.length, now.length) }, (_, at) => {
    const [old, fresh] = [then[at]?.text, now[at]?.text]
    if (old === undefined) return { runs: [{ change: 'now', text: fresh ?? '' }] }
    if (fresh === undefined) return { runs: [{ change: 'then', text: old }] }
    return { runs: wordRuns(old, fresh) }
  })
}

const wordsOf = (text: string): string[] => text.match(/\s+|[^\s]+/g) ?? []

/** Which words of a line went and which came. */
export function wordRuns(then: string, now: string): WordRun[] {
  const [a, b] = [wordsOf(then), wordsOf(now)]
  if (a.length * b.length > most) return [{ change: 'then', text: then }, { change: 'now', text: now }]
  const wide = b.length + 1
  const long = new Uint32Array((a.length + 1) * wide)
  const get = (i: number, j: number): number => long[i * wide + j] ?? 0
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      long[i * wide + j] = a[i] === b[j] ? get(i + 1, j + 1) + 1 : Math.max(get(i + 1, j), get(i, j + 1))
    }
  }
  const runs: WordRun[] = []
  const tell = (change: WordRun['change'], text: string): void => {
    const last = runs.at(-1)
    if (last?.change === change) last.text += text
    else runs.push({ change, text })
  }
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      tell('same', a[i] ?? '')
      i += 1
      j += 1
    } else if (j >= b.length || (i < a.length && get(i + 1, j) >= get(i, j + 1))) tell('then', a[i++] ?? '')
    else tell('now', b[j++] ?? '')
  }
  return runs
}
