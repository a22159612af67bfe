/** What comes from other programs: their words, never their addresses. */
import { Fragment, Slice, type Node, type Schema } from '@tiptap/pm/model'
import { Plugin } from '@tiptap/pm/state'
import { nodeType } from './attrs'

export type Pasted = { onPasteNothing?: () => void; onPasteFile?: (file: File) => void }

/** A document is at most this long: the core refuses more than a million bytes in one batch. */
const most = 300_000

export function pasting(schema: Schema, options: Pasted): Plugin {
  return new Plugin({
    filterTransaction: (tr, state) => !tr.docChanged || tr.doc.content.size <= Math.max(most, state.doc.content.size),
    props: {
      clipboardTextParser: (text) => {
        const lines = text.split(/\r\n?|\n/).map((line) => nodeType(schema, 'paragraph').create(null, line === '' ? [] : [schema.text(line)]))
        return new Slice(Fragment.fromArray(lines), 1, 1)
      },
      clipboardTextSerializer: (slice) => wordsOf(slice.content),
      transformPasted: (slice) => new Slice(oneLineEach(slice.content), slice.openStart, slice.openEnd),
      handlePaste: (_view, event, slice) => {
        if (slice.content.size > 0) return false
        const files = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith('image/'))
        // Said before anything is awaited, or the web view inserts a dead address of its own.
        event.preventDefault()
        if (files.length > 0) files.forEach((file) => options.onPasteFile?.(file))
        else options.onPasteNothing?.()
        return true
      },
      handleDrop: (_view, event) => {
        const files = [...(event.dataTransfer?.files ?? [])].filter((file) => file.type.startsWith('image/'))
        if (files.length === 0) return false
        event.preventDefault()
        files.forEach((file) => options.onPasteFile?.(file))
        return true
      },
    },
  })
}

/** The words of some lines, one row each. */
export function wordsOf(lines: Fragment): string {
  const rows: string[] = []
  lines.forEach((line) => rows.push(line.isText ? (line.text ?? '') : line.textBetween(0, line.content.size, '', (leaf) => (leaf.type.name === 'break' ? '\n' : ''))))
  return rows.join('\n')
}

/** Code of several rows becomes a line for each. */
function oneLineEach(lines: Fragment): Fragment {
  const all: Node[] = []
  lines.forEach((line) => {
    const text = line.isTextblock ? line.textContent : ''
    if (!text.includes('\n')) all.push(line)
    else for (const row of text.replace(/\n$/, '').split('\n')) all.push(line.type.create(line.attrs, row === '' ? [] : [line.type.schema.text(row)]))
  })
  return Fragment.fromArray(all)
}
