import * as Y from 'yjs'

export type FormatName =
  | 'bold' | 'italic' | 'strike' | 'code' | 'heading' | 'quote' | 'bullets' | 'numbers' | 'checks'

export type Options = {
  element: HTMLElement
  snapshot: Uint8Array | null
  label: string
  placeholder: string
  pictureAddress: (id: string) => string
  onUpdate: (update: Uint8Array) => void
  onChange?: () => void
  onPasteNothing?: () => void
  onPasteFile?: (file: File) => void
  readonly?: boolean
}

export type Editor = {
  focus(at?: 'start' | 'end'): void
  destroy(): void
  empty(): boolean
  undo(): void
  redo(): void
  format(name: FormatName): void
  isActive(name: FormatName): boolean
  insertPicture(id: string, alt: string): void
  selectedMarkdown(): string
  apply(update: Uint8Array): void
}

/** A plain page over one flat `Y.Text`, until the rich one stands here. */
export function createEditor(options: Options): Editor {
  const doc = new Y.Doc()
  if (options.snapshot) Y.applyUpdate(doc, options.snapshot, 'core')
  const text = doc.getText('t')
  const box = document.createElement('div')
  box.className = 'ProseMirror'
  box.contentEditable = options.readonly ? 'false' : 'plaintext-only'
  for (const [name, value] of Object.entries({
    role: 'textbox', 'aria-multiline': 'true', 'aria-label': options.label, 'data-placeholder': options.placeholder,
    spellcheck: 'false', autocorrect: 'off', autocapitalize: 'off', writingsuggestions: 'false', tabindex: '0',
  })) box.setAttribute(name, value)
  box.textContent = text.toJSON().replace(/\n$/, '')
  const undo = new Y.UndoManager(text)
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== 'core') options.onUpdate(update)
  })
  const take = (): void => {
    const now = box.innerText
    const was = text.toJSON()
    let from = 0
    while (from < now.length && from < was.length && now[from] === was[from]) from += 1
    let end = 0
    while (end < now.length - from && end < was.length - from && now[now.length - 1 - end] === was[was.length - 1 - end]) end += 1
    doc.transact(() => {
      if (was.length - end > from) text.delete(from, was.length - end - from)
      if (now.length - end > from) text.insert(from, now.slice(from, now.length - end))
    })
    options.onChange?.()
  }
  box.addEventListener('input', take)
  options.element.append(box)
  const draw = (): void => {
    box.textContent = text.toJSON()
  }
  return {
    focus: () => box.focus(),
    destroy: () => {
      undo.destroy()
      doc.destroy()
      box.remove()
    },
    empty: () => text.length === 0,
    undo: () => { undo.undo(); draw() },
    redo: () => { undo.redo(); draw() },
    format: () => undefined,
    isActive: () => false,
    insertPicture: () => undefined,
    selectedMarkdown: () => getSelection()?.toString() ?? '',
    apply: (update) => { Y.applyUpdate(doc, update, 'core'); draw() },
  }
}
