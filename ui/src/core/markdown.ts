/** A run of one line, with its marks. */
export type Run = { text: string; strong?: boolean; em?: boolean; code?: boolean; strike?: boolean; href?: string }
/** A line as it is read: what it is, and its runs. */
export type ReadLine = {
  kind: 'text' | 'heading' | 'bullet' | 'number' | 'check' | 'code' | 'rule'
  level: number
  indent: number
  quote: boolean
  done: boolean
  runs: Run[]
}

const most = 4_000

/** Others' words for reading: lines and runs, never markup. What is not understood stays as it was typed. */
export function readMarkdown(text: string): ReadLine[] {
  const lines: ReadLine[] = []
  let code = false
  for (const raw of text.split('\n').slice(0, most)) {
    if (/^\s*```/.test(raw)) {
      code = !code
      continue
    }
    if (code) {
      lines.push({ ...plain, kind: 'code', runs: [{ text: raw }] })
      continue
    }
    if (raw.trim() !== '') lines.push(readLine(raw))
  }
  return lines
}

/** The words alone, with no signs of Markdown. */
export function plainText(text: string): string {
  return readMarkdown(text).map((line) => line.runs.map((run) => run.text).join('')).join(' ')
}

const plain: Omit<ReadLine, 'runs'> = { kind: 'text', level: 0, indent: 0, quote: false, done: false }

function readLine(raw: string): ReadLine {
  const quoted = /^\s*>\s?/.exec(raw)
  const body = quoted ? raw.slice(quoted[0].length) : raw
  const indent = Math.min(6, Math.floor((/^ */.exec(body)?.[0].length ?? 0) / 2))
  const line = body.trim().replace(/\\$/, '')
  const base = { ...plain, indent, quote: quoted !== null }
  const heading = /^(#{1,3})\s+(.*)$/.exec(line)
  if (heading) return { ...base, kind: 'heading', level: heading[1]?.length ?? 1, runs: readRuns(heading[2] ?? '') }
  if (/^([-*_])(\s*\1){2,}$/.test(line)) return { ...base, kind: 'rule', runs: [] }
  const check = /^[-*+]\s+\[([ xX])\]\s+(.*)$/.exec(line)
  if (check) return { ...base, kind: 'check', done: check[1] !== ' ', runs: readRuns(check[2] ?? '') }
  const bullet = /^[-*+]\s+(.*)$/.exec(line)
  if (bullet) return { ...base, kind: 'bullet', runs: readRuns(bullet[1] ?? '') }
  const number = /^(\d{1,9})[.)]\s+(.*)$/.exec(line)
  if (number) return { ...base, kind: 'number', level: Number(number[1]), runs: readRuns(number[2] ?? '') }
  return { ...base, runs: readRuns(line) }
}

const reach = 2_000

/** How often the sign at a place is repeated after it. */
function rowAfter(text: string, at: number): number {
  let many = 0
  while (text[at + many + 1] === text[at]) many += 1
  return many
}

type Mark = { open: RegExp; set: Partial<Run> }

const marks: Mark[] = [
  { open: /^\*\*(?=\S)([^]*?\S)\*\*/, set: { strong: true } },
  { open: /^__(?=\S)([^]*?\S)__/, set: { strong: true } },
  { open: /^~~(?=\S)([^]*?\S)~~/, set: { strike: true } },
  { open: /^\*(?=\S)([^*]*?\S)\*/, set: { em: true } },
  { open: /^_(?=\S)([^_]*?\S)_(?![\p{L}\p{N}])/u, set: { em: true } },
]

function readRuns(text: string, within: Partial<Run> = {}, depth = 0): Run[] {
  const runs: Run[] = []
  let kept = ''
  let at = 0
  const keep = (): void => {
    if (kept !== '') runs.push({ ...within, text: kept })
    kept = ''
  }
  while (at < text.length) {
    // Signs in a long row are no marks, and far ones no pair: a hostile line costs no more than a long one.
    const row = /[\\*_~`[!]/.test(text[at] ?? '') ? 1 + rowAfter(text, at) : 0
    if (row > 3) {
      kept += text.slice(at, at + row)
      at += row
      continue
    }
    const rest = text.slice(at, at + (row > 0 ? reach : 1))
    const found = depth < 4 && row > 0 ? special(rest, within, depth) : undefined
    if (found) {
      keep()
      runs.push(...found.runs)
      at += found.length
      continue
    }
    const escaped = /^\\([\\`*_{}[\]()#+\-.!~>|])/.exec(rest)
    kept += escaped ? (escaped[1] ?? '') : (rest[0] ?? '')
    at += escaped ? 2 : 1
  }
  keep()
  return runs
}

function special(rest: string, within: Partial<Run>, depth: number): { runs: Run[]; length: number } | undefined {
  const code = /^`([^`]+)`/.exec(rest)
  if (code) return { runs: [{ ...within, code: true, text: code[1] ?? '' }], length: code[0].length }
  // Pictures do not travel with words: what stands for one is left out.
  const picture = /^!\[[^\]]*\]\([^)]*\)/.exec(rest)
  if (picture) return { runs: [], length: picture[0].length }
  const link = /^\[((?:\\.|[^\]\\])+)\]\(<?((?:https?:\/\/|mailto:|tel:)[^\s)>]+)>?\)/.exec(rest)
  if (link) {
    return { runs: readRuns(link[1] ?? '', { ...within, href: link[2] ?? '' }, depth + 1), length: link[0].length }
  }
  for (const mark of marks) {
    const found = mark.open.exec(rest)
    if (found) return { runs: readRuns(found[1] ?? '', { ...within, ...mark.set }, depth + 1), length: found[0].length }
  }
  return undefined
}
