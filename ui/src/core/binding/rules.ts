/** Typing as in Markdown: what is typed at the start of a line, or around words, becomes what it means. */
import { InputRule, inputRules } from '@tiptap/pm/inputrules'
import type { Schema } from '@tiptap/pm/model'
import type { EditorState, Plugin, Transaction } from '@tiptap/pm/state'
import { nodeType } from './attrs'
import { turn } from './commands'
import { safe } from './schema'

type Attrs = Record<string, unknown>

export function typingRules(schema: Schema): Plugin {
  return inputRules({ rules: [...lineRules(schema), ...markRules(schema), linkRule(schema)] })
}

function lineRules(schema: Schema): InputRule[] {
  return [
    becomes(schema, /^(#{1,3})\s$/, 'heading', (match) => ({ level: match[1]?.length ?? 1 })),
    becomes(schema, /^[-+*]\s$/, 'item', () => ({})),
    // Only a list that begins at 1: a year at the start of a line stays a year.
    becomes(schema, /^1[.)]\s$/, 'item', () => ({ kind: 'number' })),
    becomes(schema, /^\[([ xX]?)\]\s$/, 'check', (match) => ({ done: /x/i.test(match[1] ?? '') })),
    becomes(schema, /^```\s$/, 'code', () => ({})),
    new InputRule(/^>\s$/, (state, _match, start, end) => {
      const { $from } = state.selection
      const tr = state.tr.delete(start, end)
      return tr.setNodeAttribute($from.before(1), 'quote', ($from.parent.attrs['quote'] as number) + 1)
    }),
    new InputRule(/^(---|\*\*\*)$/, ruleAcross, { undoable: true }),
  ]
}

function becomes(schema: Schema, find: RegExp, name: string, attrs: (match: RegExpMatchArray) => Attrs): InputRule {
  return new InputRule(find, (state, match, start, end) => {
    const { $from } = state.selection
    if ($from.parent.type.name === 'code') return null
    const tr = state.tr.delete(start, end)
    turn(tr, $from.before(1), nodeType(schema, name), attrs(match))
    return tr
  })
}

function ruleAcross(state: EditorState, _match: RegExpMatchArray, start: number, end: number): Transaction | null {
  const { $from } = state.selection
  if ($from.parent.type.name === 'code' || $from.parent.content.size > 2) return null
  const at = $from.before(1)
  const tr = state.tr.delete(start, end)
  tr.split(tr.mapping.map(end))
  turn(tr, at, nodeType(state.schema, 'rule'))
  return tr
}

function markRules(schema: Schema): InputRule[] {
  return [
    around(schema, /(?:^|[^*])(\*\*(?!\s)([^*]*[^*\s])\*\*)$/, 'strong'),
    around(schema, /(?:^|[^_\p{L}\p{N}])(__(?!\s)([^_]*[^_\s])__)$/u, 'strong'),
    around(schema, /(?:^|[^*])(\*(?![\s*])([^*]*[^*\s])\*)$/, 'em'),
    around(schema, /(?:^|[^_\p{L}\p{N}])(_(?![\s_])([^_]*[^_\s])_)$/u, 'em'),
    around(schema, /(?:^|[^~])(~~(?!\s)([^~]*[^~\s])~~)$/, 'strike'),
    around(schema, /(?:^|[^`])(`([^`]+)`)$/, 'mono'),
  ]
}

/** Marks the words between two signs, and takes the signs away. */
function around(schema: Schema, find: RegExp, name: string): InputRule {
  return new InputRule(find, (state, match, _start, end) => {
    const [, signed = '', words = ''] = match
    const type = schema.marks[name]
    if (type === undefined || state.selection.$from.parent.type.name === 'code') return null
    const sign = (signed.length - words.length) / 2
    // The last character has not been typed into the document yet.
    const from = end - (signed.length - 1)
    const tr = state.tr.delete(from + sign + words.length, end).delete(from, from + sign)
    return tr.addMark(from, from + words.length, type.create()).removeStoredMark(type)
  })
}

function linkRule(schema: Schema): InputRule {
  return new InputRule(/(?:^|[^!])(\[([^\]]+)\]\(([^()\s]+)\))$/, (state, match, _start, end) => {
    const [, all = '', words = '', href = ''] = match
    const type = schema.marks['link']
    if (type === undefined || !safe(href) || state.selection.$from.parent.type.name === 'code') return null
    const from = end - (all.length - 1)
    const tr = state.tr.delete(from + 1 + words.length, end).delete(from, from + 1)
    return tr.addMark(from, from + words.length, type.create({ href })).removeStoredMark(type)
  })
}
