/** The core and the editor agree on documents: the same files are checked by the core's own tests. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { Attributes, Json } from './attrs'
import { deltaOf, type Op } from './fromDelta'
import { Replica } from './testing'

type Edit =
  | { do: 'insert'; before: string; text: string }
  | { do: 'split'; before: string }
  | { do: 'delete'; text: string }
  | { do: 'format'; name: 'bold' | 'italic' | 'heading' | 'bullets' | 'quote' | 'checks'; text: string }
type Vector = { says: string; markdown: string; lines: Op[]; snapshot: string; edits: Edit[]; update: string; after: Op[] }

const folder = join(import.meta.dirname, '../../../../tests/vectors/document')
const files = readdirSync(folder).filter((name) => name.endsWith('.json')).sort()
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex')
const open: Replica[] = []

/** Runs with the same attributes, and a line end alone, whatever the parts of the text were. */
function canonical(delta: Op[]): Op[] {
  const all: Op[] = []
  for (const { insert, attributes = {} } of delta) {
    const parts: Json[] = typeof insert === 'string' ? insert.split(/(\n)/).filter((part) => part !== '') : [insert]
    for (const part of parts) {
      const last = all.at(-1)
      const joins = typeof part === 'string' && part !== '\n' && typeof last?.insert === 'string' && last.insert !== '\n'
      if (joins && sorted(last.attributes ?? {}) === sorted(attributes)) last.insert = `${last.insert as string}${part}`
      else all.push(Object.keys(attributes).length > 0 ? { insert: part, attributes } : { insert: part })
    }
  }
  return all
}

const sorted = (attributes: Attributes): string => JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)))

function edit(one: Replica, step: Edit): void {
  if (step.do === 'insert') one.do((tr) => tr.insertText(step.text, one.find(step.before)))
  else if (step.do === 'split') {
    one.select(one.find(step.before))
    one.press('Enter')
  } else {
    const from = one.find(step.text)
    one.select(from, from + step.text.length)
    if (step.do === 'delete') one.do((tr) => tr.deleteSelection())
    else one.editor.format(step.name)
  }
}

afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

describe('shared vectors', () => {
  it('are there', () => expect(files.length).toBeGreaterThan(4))

  it.each(files)('%s', (file) => {
    const vector = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Vector
    const one = new Replica(77_777, bytes(vector.snapshot))
    open.push(one)
    expect(canonical(deltaOf(one.editor.text))).toEqual(canonical(vector.lines))
    const known = Y.encodeStateVector(one.owner)
    for (const step of vector.edits) edit(one, step)
    const update = hex(Y.encodeStateAsUpdate(one.owner, known))
    const after = canonical(deltaOf(one.editor.text))
    if (process.env['BLESS'] === '1') {
      writeFileSync(join(folder, file), `${JSON.stringify({ ...vector, update, after }, null, 2)}\n`)
    }
    expect(update).toBe(process.env['BLESS'] === '1' ? update : vector.update)
    expect(after).toEqual(process.env['BLESS'] === '1' ? after : vector.after)
  })
})
