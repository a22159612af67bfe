/**
 * The editor's schema: a flat list of lines. What a line is, how far it is set in and in how many
 * quotes it stands are attributes; nothing is nested, so nothing can be lost in nesting.
 */
import { Mark, Node, type Extensions } from '@tiptap/core'
import type { DOMOutputSpec, Node as Line, TagParseRule } from '@tiptap/pm/model'
import type { Attributes, Json } from './attrs'
import { checkView } from './check'
import { domAttributes } from './dom'

export type PageOptions = { pictureAddress: (id: string) => string; unknown: string }

const hidden = (value: Json): { default: Json; rendered: false; parseHTML: () => null } => ({
  default: value,
  rendered: false,
  parseHTML: () => null,
})
const everyLine = { indent: hidden(0), quote: hidden(0), ext: hidden(null) }

/** How far a copied line is set in, from our own attributes or from the lists and quotes around it. */
function placeOf(dom: HTMLElement): Record<string, Json> {
  const own = dom.dataset
  let lists = 0
  let quotes = 0
  for (let up = dom.parentElement; up !== null; up = up.parentElement) {
    if (up.nodeName === 'UL' || up.nodeName === 'OL') lists += 1
    if (up.nodeName === 'BLOCKQUOTE') quotes += 1
  }
  return {
    indent: own['indent'] === undefined ? Math.max(0, lists - 1) : Number(own['indent']),
    quote: own['quote'] === undefined ? quotes : Number(own['quote']),
    ext: own['ext'] === undefined ? null : extOf(own['ext']),
  }
}

function extOf(json: string): Attributes | null {
  try {
    const value = JSON.parse(json) as Json
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

const firstInItem = 'li > p:first-child, li > div:first-child'

function line(name: string, extra: Record<string, ReturnType<typeof hidden>>, rules: TagParseRule[], render: (line: Line) => DOMOutputSpec): Node {
  const own: TagParseRule = { tag: `[data-line="${name}"]`, priority: 80, getAttrs: (dom) => ({ ...ownAttrs(dom), ...placeOf(dom) }) }
  return Node.create({
    name,
    group: 'line',
    content: 'inline*',
    defining: name !== 'paragraph',
    addAttributes: () => ({ ...everyLine, ...extra }),
    parseHTML: () => [own, ...rules.map((rule) => ({ ...rule, getAttrs: withPlace(rule) }))],
    renderHTML: ({ node }) => render(node),
  })
}

function withPlace(rule: TagParseRule): NonNullable<TagParseRule['getAttrs']> {
  return (dom) => {
    const attrs = rule.getAttrs?.(dom) ?? {}
    return attrs === false ? false : { ...attrs, ...placeOf(dom) }
  }
}

function ownAttrs(dom: HTMLElement): Record<string, Json> {
  const { level, kind, start, done, lang } = dom.dataset
  return {
    ...(level === undefined ? {} : { level: Number(level) }),
    ...(kind === undefined ? {} : { kind }),
    ...(start === undefined ? {} : { start: Number(start) }),
    ...(done === undefined ? {} : { done: done === 'true' }),
    ...(lang === undefined ? {} : { lang }),
  }
}

/** Whether an item's own words stand in a block of their own. */
function hasBlock(dom: HTMLElement): boolean {
  const first = [...dom.childNodes].find((child) => child.nodeName !== '#text' || (child.textContent ?? '').trim() !== '')
  return /^(P|DIV|UL|OL|H[1-6]|PRE|BLOCKQUOTE)$/.test(first?.nodeName ?? '')
}
const boxIn = (dom: HTMLElement): HTMLInputElement | null => dom.querySelector(':scope > input[type="checkbox"], :scope > label > input[type="checkbox"]')
const listOf = (dom: HTMLElement): Record<string, Json> => (dom.closest('ul, ol')?.nodeName === 'OL' ? { kind: 'number' } : {})

const paragraph = line('paragraph', {}, [{ tag: 'p' }], (node) => ['p', domAttributes(node), 0])
const heading = line(
  'heading',
  { level: hidden(1) },
  [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${String(level)}`, getAttrs: () => ({ level }) })),
  (node) => [`h${String(node.attrs['level'])}`, domAttributes(node), 0],
)
const item = line(
  'item',
  { kind: hidden('bullet'), start: hidden(null) },
  [
    { tag: 'li', getAttrs: (dom) => (hasBlock(dom) || boxIn(dom) !== null ? false : listOf(dom)) },
    { tag: firstInItem, priority: 70, getAttrs: listOf },
  ],
  (node) => {
    const { kind, start } = node.attrs as { kind: string; start: number | null }
    const dom = { ...domAttributes(node), 'data-line': 'item', 'data-kind': kind }
    return ['p', start === null ? dom : { ...dom, 'data-start': String(start) }, 0]
  },
)
const check = line(
  'check',
  { done: hidden(false) },
  [{ tag: 'li', priority: 60, getAttrs: (dom) => { const box = boxIn(dom); return box === null ? false : { done: box.hasAttribute('checked') } } }],
  (node) => ['p', { ...domAttributes(node), 'data-line': 'check', 'data-done': String(node.attrs['done']) }, 0],
).extend({ addNodeView: () => checkView })
const code = line('code', { lang: hidden(null) }, [{ tag: 'pre', preserveWhitespace: 'full' }], (node) => [
  'pre',
  { ...domAttributes(node), 'data-line': 'code', ...(node.attrs['lang'] === null ? {} : { 'data-lang': String(node.attrs['lang']) }) },
  0,
])
const rule = line('rule', {}, [{ tag: 'hr' }], (node) => ['p', { ...domAttributes(node), 'data-line': 'rule' }, 0])

const picture = Node.create<PageOptions>({
  name: 'picture',
  group: 'inline',
  inline: true,
  atom: true,
  draggable: true,
  addAttributes: () => ({ id: hidden(''), alt: hidden('') }),
  // A picture is only ever one of ours. What lies behind blob:, data:, http: or file: is not taken.
  parseHTML: () => [{ tag: 'img[data-picture]', getAttrs: pictureAttrs }],
  renderHTML({ node }) {
    const { id, alt } = node.attrs as { id: string; alt: string }
    return ['img', { src: this.options.pictureAddress(id), alt, 'data-picture': id }]
  },
})

function pictureAttrs(dom: HTMLElement): Record<string, string> | false {
  const id = dom.dataset['picture'] ?? ''
  const address = dom.getAttribute('src') ?? ''
  const sealed = address === `sealed://localhost/${id}` || address === `http://sealed.localhost/${id}`
  return sealed && /^[0-9a-f]{32}$/.test(id) ? { id, alt: dom.getAttribute('alt') ?? '' } : false
}

const lineBreak = Node.create({
  name: 'break',
  group: 'inline',
  inline: true,
  selectable: false,
  parseHTML: () => [{ tag: 'br' }],
  renderHTML: () => ['br'],
  renderText: () => '\n',
})

const thing = Node.create<PageOptions>({
  name: 'thing',
  group: 'inline',
  inline: true,
  atom: true,
  addAttributes: () => ({ data: hidden(null) }),
  parseHTML: () => [{ tag: 'span[data-thing]', getAttrs: (dom) => ({ data: extOf(dom.dataset['thing'] ?? '') ?? {} }) }],
  renderHTML({ node }) {
    return ['span', { class: 'thing', 'data-thing': JSON.stringify(node.attrs['data']) }, this.options.unknown]
  },
})

function flag(name: string, tags: string[]): Mark {
  const [first = 'span'] = tags
  return Mark.create({ name, parseHTML: () => tags.map((tag) => ({ tag })), renderHTML: () => [first, 0] })
}

const strong = flag('strong', ['strong', 'b']).extend({
  // Some editors wrap everything they copy into a bold element of normal weight.
  parseHTML: () => [{ tag: 'strong' }, { tag: 'b', getAttrs: (dom) => (dom.style.fontWeight === 'normal' ? false : null) }],
})
const marks = [strong, flag('em', ['em', 'i']), flag('strike', ['s', 'del', 'strike']), flag('mono', ['code'])]

/** Only such addresses are ever shown as links. */
export const safe = (href: string): boolean => /^(https?|mailto|tel):/i.test(href)

const link = Mark.create({
  name: 'link',
  inclusive: false,
  addAttributes: () => ({ href: hidden('') }),
  parseHTML: () => [{ tag: 'a[href]', getAttrs: (dom) => { const href = dom.getAttribute('href') ?? ''; return safe(href) ? { href } : false } }],
  renderHTML: ({ mark }) => {
    const href = String(mark.attrs['href'])
    return safe(href) ? ['a', { href, rel: 'noopener noreferrer nofollow' }, 0] : ['span', { title: href }, 0]
  },
})

const unknown = Mark.create({
  name: 'x',
  excludes: '',
  addAttributes: () => ({ name: hidden(''), value: hidden(null) }),
  parseHTML: () => [{ tag: 'span[data-mark]', getAttrs: (dom) => extOf(dom.dataset['mark'] ?? '') ?? false }],
  renderHTML: ({ mark }) => ['span', { 'data-mark': JSON.stringify({ name: mark.attrs['name'] as string, value: mark.attrs['value'] as Json }) }, 0],
})

const doc = Node.create({ name: 'doc', topNode: true, content: 'line+' })
const text = Node.create({ name: 'text', group: 'inline' })

/** All nodes and marks of a page. */
export function page(options: PageOptions): Extensions {
  return [
    doc, paragraph, heading, item, check, code, rule, text, lineBreak,
    picture.configure(options), thing.configure(options), link, unknown, ...marks,
  ]
}
