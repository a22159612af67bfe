/**
 * How a line's and a word's attributes in the shared text become nodes and marks of the editor, and
 * back. What this version does not know travels in `ext` and in the mark `x`, unchanged.
 */
import type { Mark, Node, NodeType, Schema } from '@tiptap/pm/model'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
export type Attributes = Record<string, Json>

/** What each known line attribute may be; anything else is carried in `ext`. */
const fits: Record<string, (value: Json) => boolean> = {
  level: (value) => whole(value, 1, 6),
  kind: (value) => value === 'bullet' || value === 'number',
  start: (value) => whole(value, 0, 999_999_999),
  done: (value) => typeof value === 'boolean',
  lang: (value) => typeof value === 'string',
  indent: (value) => whole(value, 0, 200),
  quote: (value) => whole(value, 0, 200),
}

export const lineNames = ['paragraph', 'heading', 'item', 'check', 'code', 'rule'] as const
/** Marks of the text and of the editor, where a name may mean a line or a mark but not both. */
const flags: Record<string, string> = { strong: 'strong', em: 'em', strike: 'strike', code: 'mono' }

function whole(value: Json, least: number, most: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
}

/** The node of a line whose end has these attributes. */
export function lineOf(schema: Schema, attributes: Attributes, content: readonly Node[]): Node {
  const named = attributes['t']
  const known = lineNames.find((name) => name === named && name !== 'paragraph')
  const type = nodeType(schema, known ?? 'paragraph')
  const attrs: Record<string, Json> = {}
  const ext: Attributes = {}
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 't' && known !== undefined) continue
    if (name !== 't' && name in (type.spec.attrs ?? {}) && fits[name]?.(value)) attrs[name] = value
    else ext[name] = value
  }
  if (Object.keys(ext).length > 0) attrs['ext'] = ext
  return type.create(attrs, content)
}

/** The attributes of a line's end. What is so anyhow is left out. */
export function attributesOfLine(line: Node): Attributes {
  const attributes: Attributes = { ...(line.attrs['ext'] as Attributes | null) }
  if (line.type.name !== 'paragraph') attributes['t'] = line.type.name
  const own: Attributes = line.attrs
  for (const [name, value] of Object.entries(own)) {
    if (name === 'ext') continue
    if (name === 'level' || !same(value, defaultOf(line.type, name))) attributes[name] = value
  }
  return attributes
}

function defaultOf(type: NodeType, name: string): Json {
  return (type.spec.attrs?.[name]?.default as Json | undefined) ?? null
}

/** The marks of a run with these attributes. */
export function marksOf(schema: Schema, attributes: Attributes): Mark[] {
  const names = Object.keys(attributes).sort()
  return names.map((name) => {
    const value = attributes[name] ?? null
    const flag = flags[name]
    if (flag !== undefined && value === true) return schema.mark(flag)
    const href = name === 'link' ? onlyHref(value) : undefined
    return href === undefined ? schema.mark('x', { name, value }) : schema.mark('link', { href })
  })
}

function onlyHref(value: Json): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const href = value['href']
  return Object.keys(value).length === 1 && typeof href === 'string' ? href : undefined
}

export function attributesOfMarks(marks: readonly Mark[]): Attributes {
  const attributes: Attributes = {}
  for (const mark of marks) {
    if (mark.type.name === 'x') attributes[mark.attrs['name'] as string] = mark.attrs['value'] as Json
    else if (mark.type.name === 'link') attributes['link'] = { href: mark.attrs['href'] as string }
    else attributes[mark.type.name === 'mono' ? 'code' : mark.type.name] = true
  }
  return attributes
}

const id = /^[0-9a-f]{32}$/

/** The node of an embedded thing. */
export function embedOf(schema: Schema, data: Json, marks: readonly Mark[]): Node {
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) {
    const count = Object.keys(data).length
    const { hk, id: picture, alt } = data
    if (hk === 'break' && count === 1) return nodeType(schema, 'break').create(null, null, marks)
    if (hk === 'picture' && count === 3 && typeof picture === 'string' && id.test(picture) && typeof alt === 'string') {
      return nodeType(schema, 'picture').create({ id: picture, alt }, null, marks)
    }
  }
  return nodeType(schema, 'thing').create({ data }, null, marks)
}

export function dataOf(embed: Node): Json {
  if (embed.type.name === 'break') return { hk: 'break' }
  if (embed.type.name === 'picture') {
    const { id: picture, alt } = embed.attrs as { id: string; alt: string }
    return { hk: 'picture', id: picture, alt: wellFormed(alt) }
  }
  return embed.attrs['data'] as Json
}

export function nodeType(schema: Schema, name: string): NodeType {
  const type = schema.nodes[name]
  if (type === undefined) throw new RangeError(`no node ${name}`)
  return type
}

/** Half of a pair of surrogates cannot be written as UTF-8: it would be another text at the peer. */
export function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD')
}

/** Equality of JSON, whatever the order of names. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, at) => same(item, b[at]))
  }
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => name in b && same(a[name], b[name]))
}
