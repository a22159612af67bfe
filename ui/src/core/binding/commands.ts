/** What can be done to lines and words. Each returns whether it did something. */
import type { Node, NodeType } from '@tiptap/pm/model'
import { TextSelection, type Command, type EditorState, type Transaction } from '@tiptap/pm/state'
import { joinBackward, toggleMark } from '@tiptap/pm/commands'
import { canJoin } from '@tiptap/pm/transform'
import { nodeType, type Attributes } from './attrs'

type LineAttrs = Record<string, unknown>

/** The first and last line of the selection, with their places. */
export function linesOf(state: EditorState): { line: Node; at: number }[] {
  const { from, to } = state.selection
  const found: { line: Node; at: number }[] = []
  state.doc.forEach((line, at) => {
    if (at + line.nodeSize > from && at < to) found.push({ line, at })
  })
  if (found.length === 0) {
    const at = state.selection.$from.before(1)
    const line = state.doc.nodeAt(at)
    if (line !== null) found.push({ line, at })
  }
  return found
}

/** Turns a line into another kind. What a newer version said about its kind is given up with it. */
export function turn(tr: Transaction, at: number, type: NodeType, attrs: LineAttrs = {}): void {
  const line = tr.doc.nodeAt(at)
  if (line === null) return
  const known = new Set(['t', 'level', 'kind', 'start', 'done', 'lang'])
  const kept = Object.entries((line.attrs['ext'] as Attributes | null) ?? {}).filter(([name]) => !known.has(name))
  const ext = kept.length > 0 ? Object.fromEntries(kept) : null
  const { indent, quote } = line.attrs as { indent: number; quote: number }
  tr.setNodeMarkup(at, type, { indent, quote, ext, ...attrs })
}

/** Makes all lines of the selection one kind, or plain again when they all are. */
export function toggleLine(name: string, attrs: LineAttrs = {}): Command {
  return (state, dispatch) => {
    const lines = linesOf(state)
    const all = lines.every(({ line }) => isLine(line, name, attrs))
    const tr = state.tr
    for (const { at } of lines) turn(tr, at, nodeType(state.schema, all ? 'paragraph' : name), all ? {} : attrs)
    dispatch?.(tr.scrollIntoView())
    return true
  }
}

export function isLine(line: Node, name: string, attrs: LineAttrs = {}): boolean {
  return line.type.name === name && Object.entries(attrs).every(([key, value]) => line.attrs[key] === value)
}

export const toggleQuote: Command = (state, dispatch) => {
  const lines = linesOf(state)
  const all = lines.every(({ line }) => (line.attrs['quote'] as number) > 0)
  const tr = state.tr
  for (const { at } of lines) tr.setNodeAttribute(at, 'quote', all ? 0 : 1)
  dispatch?.(tr.scrollIntoView())
  return true
}

export function toggle(mark: string): Command {
  return (state, dispatch) => {
    const type = state.schema.marks[mark]
    return type !== undefined && toggleMark(type)(state, dispatch)
  }
}

export function isMarked(state: EditorState, name: string): boolean {
  const type = state.schema.marks[name]
  if (type === undefined) return false
  const { from, to, empty, $from } = state.selection
  return empty ? type.isInSet(state.storedMarks ?? $from.marks()) !== undefined : state.doc.rangeHasMark(from, to, type)
}

/** Enter: the line is split, and what follows is what one expects after such a line. */
export const enter: Command = (state, dispatch) => {
  const { $from } = state.selection
  if ($from.depth === 0) return false
  const line = $from.parent
  if (line.content.size === 0 && isSomething(line)) return calm(state, dispatch)
  const tr = state.tr.deleteSelection()
  const place = tr.selection.$from
  const here = place.parent
  const atEnd = place.parentOffset === here.content.size
  const atStart = place.parentOffset === 0 && !atEnd
  const next = following(here, atEnd)
  tr.split(place.pos, 1, [{ type: nodeType(state.schema, next.name), attrs: next.attrs }])
  if (atStart && (here.type.name === 'heading' || here.type.name === 'rule')) {
    turn(tr, place.before(1), nodeType(state.schema, 'paragraph'))
  }
  dispatch?.(tr.scrollIntoView())
  return true
}

function following(line: Node, atEnd: boolean): { name: string; attrs: LineAttrs } {
  const { indent, quote } = line.attrs as { indent: number; quote: number }
  const place = { indent, quote }
  switch (line.type.name) {
    case 'item':
      return { name: 'item', attrs: { ...place, kind: line.attrs['kind'] } }
    case 'check':
      return { name: 'check', attrs: place }
    case 'code':
      return { name: 'code', attrs: { ...place, lang: line.attrs['lang'] } }
    default:
      return atEnd || line.type.name === 'rule' ? { name: 'paragraph', attrs: place } : { name: line.type.name, attrs: line.attrs }
  }
}

function isSomething(line: Node): boolean {
  const { indent, quote } = line.attrs as { indent: number; quote: number }
  return indent > 0 || quote > 0 || line.type.name !== 'paragraph'
}

/** One step back towards a plain line. */
export const calm: Command = (state, dispatch) => {
  const { $from } = state.selection
  if ($from.depth === 0) return false
  const line = $from.parent
  const at = $from.before(1)
  const { indent, quote } = line.attrs as { indent: number; quote: number }
  const tr = state.tr
  if (indent > 0) tr.setNodeAttribute(at, 'indent', indent - 1)
  else if (line.type.name !== 'paragraph') turn(tr, at, nodeType(state.schema, 'paragraph'))
  else if (quote > 0) tr.setNodeAttribute(at, 'quote', quote - 1)
  else return false
  dispatch?.(tr.scrollIntoView())
  return true
}

/** Backspace at the start of a line: first it becomes plain, then it joins the one before. */
export const backspace: Command = (state, dispatch, view) => {
  const { $from, empty } = state.selection
  if (!empty || $from.depth === 0 || $from.parentOffset > 0) return false
  if (calm(state, dispatch)) return true
  const at = $from.before(1)
  const before = state.doc.resolve(at).nodeBefore
  if (before === null) return true
  if (before.content.size === 0) {
    // An empty line goes, and this one stays what it is.
    dispatch?.(state.tr.delete(at - before.nodeSize, at).scrollIntoView())
    return true
  }
  if (!canJoin(state.doc, at)) return joinBackward(state, dispatch, view)
  dispatch?.(state.tr.join(at).scrollIntoView())
  return true
}

/** Sets list items in or out. An item is at most one deeper than the line before. */
export function setIn(step: 1 | -1): Command {
  return (state, dispatch) => {
    const lines = linesOf(state).filter(({ line }) => line.type.name === 'item' || line.type.name === 'check')
    const [first] = lines
    if (first === undefined) return false
    const before = state.doc.resolve(first.at).nodeBefore
    const most = before === null ? 0 : Math.min(8, (before.attrs['indent'] as number) + 1)
    const indent = (first.line.attrs['indent'] as number) + step
    if (indent < 0 || (step > 0 && (indent > most || (before?.type.name !== 'item' && before?.type.name !== 'check')))) return false
    const tr = state.tr
    for (const { line, at } of lines) tr.setNodeAttribute(at, 'indent', Math.max(0, (line.attrs['indent'] as number) + step))
    dispatch?.(tr.scrollIntoView())
    return true
  }
}

export const lineBreak: Command = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodeType(state.schema, 'break').create()).scrollIntoView())
  return true
}

export const tick: Command = (state, dispatch) => {
  const { $from } = state.selection
  if ($from.depth === 0 || $from.parent.type.name !== 'check') return false
  dispatch?.(state.tr.setNodeAttribute($from.before(1), 'done', $from.parent.attrs['done'] !== true))
  return true
}

/** Puts a picture where the caret is. */
export function insertPicture(id: string, alt: string): Command {
  return (state, dispatch) => {
    const node = nodeType(state.schema, 'picture').create({ id, alt })
    const tr = state.tr.replaceSelectionWith(node, false)
    dispatch?.(tr.setSelection(TextSelection.near(tr.selection.$to, 1)).scrollIntoView())
    return true
  }
}
