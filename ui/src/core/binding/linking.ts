/** Links: which one the caret is in, making one, taking one away. */
import type { Mark, Node } from '@tiptap/pm/model'
import type { Command, EditorState } from '@tiptap/pm/state'
import { safe } from './schema'

type Reach = { from: number; to: number; href: string }

const linkOf = (node: Node): Mark | undefined => node.marks.find((mark) => mark.type.name === 'link')

/** The link that the caret or the selection's start stands in, with all of its words. */
export function linkAt(state: EditorState): Reach | null {
  const { $from } = state.selection
  const line = $from.parent
  const found: Reach[] = []
  line.forEach((node, at) => {
    const href = linkOf(node)?.attrs['href'] as string | undefined
    const from = $from.start() + at
    const last = found.at(-1)
    if (href === undefined) return
    if (last?.to === from && last.href === href) last.to = from + node.nodeSize
    else found.push({ from, to: from + node.nodeSize, href })
  })
  return found.find(({ from, to }) => $from.pos >= from && $from.pos <= to) ?? null
}

/** An address as it may stand in a link; one without a scheme is a page of the web. */
export function addressOf(typed: string): string | null {
  const address = typed.trim()
  if (address === '' || /\s/.test(address)) return null
  if (safe(address)) return address
  if (/^[a-z][a-z0-9+.-]*:/i.test(address)) return null
  return address.includes('@') && !address.includes('/') ? `mailto:${address}` : `https://${address}`
}

/** Links the selected words, or the link around the caret; without either the address itself is written. */
export function setLink(href: string | null): Command {
  return (state, dispatch) => {
    const type = state.schema.marks['link']
    if (type === undefined || (href !== null && !safe(href))) return false
    const around = linkAt(state)
    const { from, to, empty } = state.selection
    const reach = around ?? (empty ? null : { from, to })
    const { tr } = state
    if (reach) {
      tr.removeMark(reach.from, reach.to, type)
      if (href !== null) tr.addMark(reach.from, reach.to, type.create({ href }))
    } else if (href !== null) {
      tr.insertText(href, from)
      tr.addMark(from, from + href.length, type.create({ href })).removeStoredMark(type)
    }
    dispatch?.(tr.scrollIntoView())
    return true
  }
}
