import { Fragment, type Node, type Schema } from '@tiptap/pm/model'
import { createEditor } from './binding'
import { markdownOf } from './binding/markdown'
import { readMarkdown, type ReadLine, type Run } from './markdown'

/** A page for words that go to others: written here, kept nowhere, given out as Markdown. */
export type Compose = {
  fill(markdown: string): void
  markdown(): string
  empty(): boolean
  focus(): void
  destroy(): void
}

type Options = { element: HTMLElement; label: string; placeholder: string; markdown: string; onChange: () => void }

export function createCompose(options: Options): Compose {
  const editor = createEditor({
    element: options.element,
    snapshot: null,
    label: options.label,
    placeholder: options.placeholder,
    pictureAddress: () => '',
    onUpdate: () => options.onChange(),
  })
  const fill = (markdown: string): void => {
    const { state } = editor.view
    const lines = linesFrom(state.schema, markdown)
    if (lines.childCount > 0) editor.view.dispatch(state.tr.replaceWith(0, state.doc.content.size, lines))
  }
  if (options.markdown !== '') fill(options.markdown)
  return {
    fill,
    markdown: () => markdownOf(editor.view.state.doc.content).trim(),
    empty: () => editor.view.state.doc.textContent.trim() === '',
    focus: () => editor.focus('end'),
    destroy: () => editor.destroy(),
  }
}

/** The Markdown of everything that an editor shows. */
export function wholeMarkdown(view: { state: { doc: Node } }): string {
  return markdownOf(view.state.doc.content).trim()
}

function linesFrom(schema: Schema, markdown: string): Fragment {
  return Fragment.fromArray(readMarkdown(markdown).flatMap((line) => nodeFrom(schema, line) ?? []))
}

function nodeFrom(schema: Schema, line: ReadLine): Node | undefined {
  const { name, attrs } = shapes[line.kind](line)
  const type = schema.nodes[name]
  if (!type) return undefined
  const all = { ...attrs, indent: line.indent, quote: line.quote ? 1 : 0 }
  const known = Object.fromEntries(Object.entries(all).filter(([key]) => type.spec.attrs && Object.hasOwn(type.spec.attrs, key)))
  if (line.kind === 'rule') return type.create(known)
  return type.create(known, line.runs.filter((run) => run.text !== '').map((run) => schema.text(run.text, marksFrom(schema, run))))
}

type Made = { name: string; attrs?: Record<string, unknown> }

const shapes: Record<ReadLine['kind'], (line: ReadLine) => Made> = {
  text: () => ({ name: 'paragraph' }),
  heading: (line) => ({ name: 'heading', attrs: { level: line.level } }),
  bullet: () => ({ name: 'item', attrs: { kind: 'bullet' } }),
  number: () => ({ name: 'item', attrs: { kind: 'number' } }),
  check: (line) => ({ name: 'check', attrs: { done: line.done } }),
  code: () => ({ name: 'code' }),
  rule: () => ({ name: 'rule' }),
}

function marksFrom(schema: Schema, run: Run): ReturnType<Schema['mark']>[] {
  const names = [run.strong && 'strong', run.em && 'em', run.code && 'code', run.strike && 'strike'].filter(
    (name): name is string => typeof name === 'string' && Object.hasOwn(schema.marks, name),
  )
  const marks = names.map((name) => schema.mark(name))
  return run.href !== undefined && schema.marks['link'] ? [...marks, schema.mark('link', { href: run.href })] : marks
}
