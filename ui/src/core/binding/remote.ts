/** Brings a change of the shared text into the editor: as small as it is, and the caret stays. */
import type { Node } from '@tiptap/pm/model'
import { AllSelection, NodeSelection, TextSelection, type EditorState, type Selection, type Transaction } from '@tiptap/pm/state'
import type * as Y from 'yjs'
import { deltaOf, fromDelta } from './fromDelta'
import { sizeOfLine } from './units'

/** One step of a change event of the shared text. */
export type Change = { retain?: number; insert?: unknown; delete?: number }

/** The transaction after which the editor shows what the text holds. */
export function follow(state: EditorState, text: Y.Text, changes: readonly Change[]): Transaction {
  const next = fromDelta(state.schema, deltaOf(text))
  const tr = state.tr
  replaceLines(tr, state.doc, next)
  const anchor = mapped(offsetOf(state.doc, state.selection.anchor), changes)
  const head = mapped(offsetOf(state.doc, state.selection.head), changes)
  const selection = selectionAt(tr.doc, state.selection, anchor, head)
  if (!selection.eq(tr.selection)) tr.setSelection(selection)
  return tr
}

function replaceLines(tr: Transaction, was: Node, now: Node): void {
  const most = Math.min(was.childCount, now.childCount)
  let head = 0
  let from = 0
  while (head < most && was.child(head).eq(now.child(head))) from += was.child(head++).nodeSize
  let tail = 0
  let to = was.content.size
  while (tail < most - head && was.child(was.childCount - 1 - tail).eq(now.child(now.childCount - 1 - tail))) {
    to -= was.child(was.childCount - 1 - tail++).nodeSize
  }
  const old = was.children.slice(head, was.childCount - tail)
  const lines = now.children.slice(head, now.childCount - tail)
  const [a, b] = [old[0], lines[0]]
  if (old.length === 1 && lines.length === 1 && a !== undefined && b !== undefined && a.sameMarkup(b)) {
    replaceWords(tr, from + 1, a, b)
  } else if (old.length > 0 || lines.length > 0) {
    tr.replaceWith(from, to, lines)
  }
}

/** Within one line only the words that differ are replaced, so that the rest keeps its place. */
function replaceWords(tr: Transaction, start: number, was: Node, now: Node): void {
  const from = was.content.findDiffStart(now.content)
  const end = was.content.findDiffEnd(now.content)
  if (from === null || end === null) return
  const overlap = Math.max(0, from - Math.min(end.a, end.b))
  tr.replace(start + from, start + end.a + overlap, now.slice(from, end.b + overlap))
}

/** Where an offset of the text stands after a change. What is inserted at the caret comes behind it. */
function mapped(offset: number, changes: readonly Change[]): number {
  let old = 0
  let now = offset
  for (const change of changes) {
    if (old > offset) break
    if (change.retain !== undefined) old += change.retain
    else if (change.delete !== undefined) {
      now -= Math.min(change.delete, offset - old)
      old += change.delete
    } else if (old < offset) now += typeof change.insert === 'string' ? change.insert.length : 1
  }
  return now
}

/** The offset in the shared text of a place in the editor. */
export function offsetOf(doc: Node, position: number): number {
  const place = doc.resolve(Math.min(position, doc.content.size))
  const lines = doc.children.slice(0, place.index(0))
  const before = lines.reduce((sum, line) => sum + sizeOfLine(line), 0)
  return place.depth === 0 ? before : before + place.parentOffset
}

/** The place in the editor of an offset in the shared text. */
export function positionOf(doc: Node, offset: number): number {
  let rest = offset
  let position = 0
  for (const line of doc.children) {
    if (rest <= line.content.size) return position + 1 + rest
    rest -= sizeOfLine(line)
    position += line.nodeSize
  }
  return Math.max(0, doc.content.size - 1)
}

function selectionAt(doc: Node, was: Selection, anchor: number, head: number): Selection {
  if (was instanceof AllSelection) return new AllSelection(doc)
  const at = positionOf(doc, anchor)
  const node = doc.nodeAt(at)
  if (was instanceof NodeSelection && node !== null && node.isInline && !node.isText) return NodeSelection.create(doc, at)
  return TextSelection.create(doc, at, positionOf(doc, head))
}
