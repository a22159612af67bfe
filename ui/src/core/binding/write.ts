import type { Node } from '@tiptap/pm/model'
import type * as Y from 'yjs'
import { same, type Attributes } from './attrs'
import { deltaOf, fromDelta } from './fromDelta'
import { sizeOf, sizeOfLine, units, type Unit } from './units'

/**
 * Writes the difference of two states of the editor into the shared text: what was deleted and
 * inserted in one place, then what only changed its marks. Lines that are the same are not touched.
 */
export function write(text: Y.Text, before: Node, after: Node): void {
  const length = before.children.reduce((sum, line) => sum + sizeOfLine(line), 0)
  // A text may lack its last line end, and an empty text is shown as one empty line.
  const open = text.length === length - 1
  const old = open || text.length === length ? before : fromDelta(before.type.schema, deltaOf(text))
  const was = old.children
  const now = after.children
  const most = Math.min(was.length, now.length)
  let head = 0
  while (head < most && alike(was[head], now[head])) head += 1
  let tail = 0
  while (tail < most - head && alike(was[was.length - 1 - tail], now[now.length - 1 - tail])) tail += 1
  const from = was.slice(0, head).reduce((sum, line) => sum + sizeOfLine(line), 0)
  const oldLines = was.slice(head, was.length - tail)
  const newLines = now.slice(head, now.length - tail)
  if (tail === 0 && open && oldLines.length === 0 && head > 0) {
    // Lines follow behind a line that had no end yet.
    replace(text, from - 1, [], [{ what: '\n', attributes: {} }])
  }
  replace(text, from, units(oldLines, open && tail === 0 && oldLines.length > 0), units(newLines))
}

function alike(a: Node | undefined, b: Node | undefined): boolean {
  return a !== undefined && b !== undefined && (a === b || a.eq(b))
}

function replace(text: Y.Text, from: number, was: readonly Unit[], now: readonly Unit[]): void {
  const most = Math.min(was.length, now.length)
  let head = 0
  while (head < most && same(was[head]?.what, now[head]?.what)) head += 1
  let tail = 0
  while (tail < most - head && same(was[was.length - 1 - tail]?.what, now[now.length - 1 - tail]?.what)) tail += 1
  const kept = size(was.slice(0, head))
  const gone = size(was.slice(head, was.length - tail))
  if (gone > 0) text.delete(from + kept, gone)
  const added = now.slice(head, now.length - tail)
  insert(text, from + kept, added)
  format(text, from, was.slice(0, head), now.slice(0, head))
  format(text, from + kept + size(added), was.slice(was.length - tail), now.slice(now.length - tail))
}

function size(all: readonly Unit[]): number {
  return all.reduce((sum, unit) => sum + sizeOf(unit), 0)
}

function insert(text: Y.Text, from: number, added: readonly Unit[]): void {
  let at = from
  for (const run of runs(added, (unit) => unit)) {
    const [first] = run
    if (first === undefined) continue
    if (typeof first.what === 'string') text.insert(at, run.map((unit) => (typeof unit.what === 'string' ? unit.what : '')).join(''), first.attributes)
    else text.insertEmbed(at, first.what as object, first.attributes)
    at += size(run)
  }
}

/** Formats what stayed but has other attributes now. */
function format(text: Y.Text, from: number, was: readonly Unit[], now: readonly Unit[]): void {
  const changes = now.map((unit, at) => ({ unit, change: change(was[at]?.attributes ?? {}, unit.attributes) }))
  let at = from
  for (const run of runs(changes, ({ unit, change }) => ({ what: unit.what, attributes: change }))) {
    const length = size(run.map(({ unit }) => unit))
    const first = run[0]?.change ?? {}
    if (Object.keys(first).length > 0) text.format(at, length, first)
    at += length
  }
}

/** What has to be set for `was` to become `now`; `null` takes away. */
function change(was: Attributes, now: Attributes): Attributes {
  const changed: Attributes = {}
  for (const name of Object.keys(was)) if (!(name in now)) changed[name] = null
  for (const [name, value] of Object.entries(now)) if (!same(value, was[name])) changed[name] = value
  return changed
}

/** Neighbours with the same attributes; a line end and an embedded thing stand alone. */
function runs<T>(all: readonly T[], unitOf: (item: T) => Unit): T[][] {
  const found: T[][] = []
  let last: Unit | undefined
  for (const item of all) {
    const unit = unitOf(item)
    const joins = last !== undefined && plain(last) && plain(unit) && same(last.attributes, unit.attributes)
    if (joins) found.at(-1)?.push(item)
    else found.push([item])
    last = unit
  }
  return found
}

function plain(unit: Unit): boolean {
  return typeof unit.what === 'string' && unit.what !== '\n'
}
