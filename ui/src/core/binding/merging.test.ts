import { afterEach, describe, expect, it } from 'vitest'
import { toggleMark } from '@tiptap/pm/commands'
import { nodeType } from './attrs'
import { turn } from './commands'
import { deltaOf, fromDelta } from './fromDelta'
import { meet, random, Replica } from './testing'

const open: Replica[] = []

function replicas(lines: string[]): Replica[] {
  const all = [11_001, 11_002, 11_003].map((client) => new Replica(client))
  open.push(...all)
  const [first] = all
  first?.do((tr) => {
    const paragraphs = lines.map((text) => nodeType(tr.doc.type.schema, 'paragraph').create(null, text === '' ? [] : [tr.doc.type.schema.text(text)]))
    tr.replaceWith(0, tr.doc.content.size, paragraphs)
  })
  meet(...all)
  return all
}

function pair(lines: string[]): [Replica, Replica] {
  const [a, b] = replicas(lines)
  if (a === undefined || b === undefined) throw new Error('two replicas')
  return [a, b]
}

const kind = (name: string, attrs: Record<string, unknown> = {}) => (replica: Replica, words: string): void => {
  replica.do((tr) => turn(tr, tr.doc.resolve(replica.find(words)).before(1), nodeType(tr.doc.type.schema, name), attrs))
}
const type = (replica: Replica, before: string): void => replica.do((tr) => tr.insertText('WORD ', replica.find(before)))

afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

describe('two people change the same lines without knowing of each other', () => {
  const cases: [string, (a: Replica, b: Replica) => void, number][] = [
    ['one splits, one types in the tail', (a, b) => { a.do((tr) => tr.split(a.find('gamma'))); type(b, 'delta') }, 1],
    ['one joins, one types in what was joined', (a, b) => { a.do((tr) => tr.join(tr.doc.child(0).nodeSize)); type(b, 'two') }, 1],
    ['one makes it a heading, one types in it', (a, b) => { kind('heading', { level: 2 })(a, 'beta'); type(b, 'beta') }, 1],
    ['one makes it an item, one types in it', (a, b) => { kind('item')(a, 'beta'); type(b, 'beta') }, 1],
    ['one removes the line, one types in it', (a, b) => { a.do((tr) => tr.delete(0, tr.doc.child(0).nodeSize)); type(b, 'beta') }, 1],
    ['both split at two places', (a, b) => { a.do((tr) => tr.split(a.find('beta'))); b.do((tr) => tr.split(b.find('delta'))) }, 0],
    ['both split at the same place', (a, b) => { a.do((tr) => tr.split(a.find('gamma'))); b.do((tr) => tr.split(b.find('gamma'))) }, 0],
    ['both join', (a, b) => { for (const one of [a, b]) one.do((tr) => tr.join(tr.doc.child(0).nodeSize)) }, 0],
    ['one moves the line down, one types in it', (a, b) => {
      a.do((tr) => { const line = tr.doc.child(0); tr.delete(0, line.nodeSize).insert(tr.doc.content.size, line) })
      type(b, 'beta')
    }, 1],
  ]
  it.each(cases)('%s', (_name, both, words) => {
    const [a, b] = pair(['alpha beta gamma delta', 'one two three', 'last'])
    both(a, b)
    meet(a, b)
    expect(a.shown()).toEqual(b.shown())
    expect(a.words().split('WORD').length - 1).toBe(words)
    for (const word of ['one', 'two', 'three', 'last']) expect(a.words().split(word)).toHaveLength(2)
  })
})

describe('three replicas, random edits, all merged', () => {
  const rounds = Number(process.env['ROUNDS'] ?? 500)
  const seed = Number(process.env['SEED'] ?? 7)
  const vocabulary = 'morning walked slowly home called asked question quiet garden strong breath window river'.split(' ')

  it.each([1, 3, 8])(`loses no word and doubles none in ${String(rounds)} rounds of %i edits (SEED=${String(seed)})`, (edits) => {
    const next = random(seed + edits)
    let count = 0
    const tally = { typed: 0, lost: 0, doubled: 0, diverged: 0, unlike: 0 }
    let all = replicas([''])
    for (let round = 0; round < rounds; round += 1) {
      if (round % 20 === 19) {
        // What was deleted leaves its mark in a text: fresh ones keep the rounds quick.
        for (const one of open.splice(0)) one.close()
        all = replicas([''])
      }
      const lines = [0, 1, 2].map((line) => [0, 1, 2, 3, 4, 5].map((at) => `${vocabulary[next(vocabulary.length)] ?? ''}${String(line)}x${String(at)}z`).join(' '))
      reset(all, lines)
      const words = new Set(lines.join(' ').split(' '))
      for (const replica of all) {
        for (let edit = 0; edit < edits; edit += 1) {
          const word = `T${String(count)}q`
          if (change(replica, next, word)) {
            words.add(word)
            tally.typed += 1
            count += 1
          }
          if (!faithful(replica)) tally.unlike += 1
        }
      }
      meet(...all)
      const [first] = all
      const shown = first?.words() ?? ''
      if (!all.every((one) => JSON.stringify(one.shown()) === JSON.stringify(first?.shown()))) tally.diverged += 1
      for (const word of words) {
        const times = shown.split(word).length - 1
        if (times === 0) tally.lost += 1
        if (times > 1) tally.doubled += 1
      }
    }
    expect(tally).toEqual({ typed: tally.typed, lost: 0, doubled: 0, diverged: 0, unlike: 0 })
    expect(tally.typed).toBeGreaterThan(rounds)
  }, 300_000)
})

/** What the editor shows is what the text holds. */
function faithful(replica: Replica): boolean {
  const { view, text } = replica.editor
  return fromDelta(view.state.schema, deltaOf(text)).eq(view.state.doc)
}

function reset(all: Replica[], lines: string[]): void {
  const [first] = all
  first?.do((tr) => {
    const { schema } = tr.doc.type
    tr.replaceWith(0, tr.doc.content.size, lines.map((line) => nodeType(schema, 'paragraph').create(null, schema.text(line))))
  })
  meet(...all)
}

/** One random edit; true when it typed `word`. */
function change(replica: Replica, next: (below: number) => number, word: string): boolean {
  const spots: { at: number; line: number; size: number }[] = []
  replica.editor.view.state.doc.forEach((line, at) => {
    const text = line.textContent
    for (let i = 0; i <= text.length; i += 1) if (i === 0 || text[i - 1] === ' ') spots.push({ at: at + 1 + i, line: at, size: line.nodeSize })
  })
  const spot = spots[next(spots.length)]
  if (spot === undefined) return false
  const schema = replica.editor.view.state.schema
  const which = next(10)
  if (which < 5) {
    replica.do((tr) => tr.insertText(`${word} `, spot.at))
    return true
  }
  if (which === 5) replica.do((tr) => tr.split(spot.at))
  else if (which === 6 && spot.line > 0) replica.do((tr) => tr.join(spot.line))
  else if (which === 7) replica.do((tr) => turn(tr, spot.line, nodeType(schema, 'heading'), { level: 1 + next(3) }))
  else if (which === 8) {
    replica.select(spot.at, Math.min(spot.at + 6, spot.line + spot.size - 1))
    const strong = schema.marks['strong']
    if (strong !== undefined) replica.run(toggleMark(strong))
  } else replica.do((tr) => tr.setNodeAttribute(spot.line, 'quote', 1))
  return false
}
