/** The page one writes on: one flat shared text, shown and edited. */
import './page.css'
import { Editor as TipTap, Extension, getSchema } from '@tiptap/core'
import { baseKeymap, chainCommands } from '@tiptap/pm/commands'
import { undoInputRule } from '@tiptap/pm/inputrules'
import { keymap } from '@tiptap/pm/keymap'
import { Plugin, Selection, type Command } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import * as Y from 'yjs'
import { binding } from './binding'
import * as act from './commands'
import { linkAt, setLink } from './linking'
import { deltaOf, fromDelta } from './fromDelta'
import { markdownOf } from './markdown'
import { pasting } from './paste'
import { typingRules } from './rules'
import { page } from './schema'
import { Undo } from './undo'

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
  /** A link was asked for: it is opened outside, after asking. */
  onLink?: (href: string) => void
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
  /** The address of the link around the caret. */
  linkAt(): string | null
  /** Links the selected words, or takes the link around the caret away. */
  link(href: string | null): void
  selectedMarkdown(): string
  apply(update: Uint8Array): void
  setEditable(editable: boolean): void
  /** The view underneath: for tests. */
  readonly view: EditorView
  /** The shared text: for tests. */
  readonly text: Y.Text
}

export { addressOf } from './linking'

/** Changes that come from the core. */
const core = 'core'

/** Shows a document in `element` and tells every change of it as a v1 update. */
export function createEditor(options: Options): Editor {
  const doc = new Y.Doc()
  if (options.snapshot !== null) Y.applyUpdate(doc, options.snapshot, core)
  doc.clientID = writer(doc)
  const text = doc.getText('t')
  const origin = {}
  const undo = new Undo(() => tiptap.view, text, origin)
  const tiptap = build(options, text, origin, undo)
  doc.on('update', (update: Uint8Array, from: unknown) => {
    if (from !== core) options.onUpdate(update)
  })
  tiptap.on('transaction', () => options.onChange?.())
  const run = (command: Command): boolean => command(tiptap.state, (tr) => tiptap.view.dispatch(tr), tiptap.view)
  return {
    view: tiptap.view,
    text,
    focus: (at) => {
      const { doc: shown } = tiptap.state
      if (at !== undefined) {
        const selection = at === 'start' ? Selection.atStart(shown) : Selection.atEnd(shown)
        tiptap.view.dispatch(tiptap.state.tr.setSelection(selection))
      }
      tiptap.view.focus()
    },
    destroy: () => {
      undo.destroy()
      tiptap.destroy()
      doc.destroy()
      options.element.replaceChildren()
    },
    empty: () => tiptap.state.doc.childCount === 1 && isBlank(tiptap.view),
    undo: () => void undo.undo(),
    redo: () => void undo.redo(),
    format: (name) => {
      run(formats[name].act)
      tiptap.view.focus()
    },
    isActive: (name) => formats[name].isOn(tiptap.view),
    linkAt: () => linkAt(tiptap.state)?.href ?? null,
    link: (href) => {
      undo.remember()
      run(setLink(href))
    },
    insertPicture: (id, alt) => void run(act.insertPicture(id, alt)),
    selectedMarkdown: () => markdownOf(tiptap.state.selection.content().content),
    apply: (update) => Y.applyUpdate(doc, update, core),
    setEditable: (editable) => tiptap.setEditable(editable),
  }
}

/**
 * Under which id this editor writes. A text keeps one id for each device, for each new one makes it
 * larger for ever: the one that wrote most goes on. Ids below 1024 are the core's.
 */
function writer(doc: Y.Doc): number {
  const known = [...Y.decodeStateVector(Y.encodeStateVector(doc))].filter(([client]) => client >= 1024 && client < 2 ** 32)
  const most = known.sort(([, a], [, b]) => b - a)[0]
  return most?.[0] ?? (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) + 1024
}

function build(options: Options, text: Y.Text, origin: object, undo: Undo): TipTap {
  const extensions = page({ pictureAddress: options.pictureAddress, unknown: '▫' })
  const shown = fromDelta(getSchema(extensions), deltaOf(text))
  return new TipTap({
    element: options.element,
    extensions: [...extensions, working(options, text, origin, undo)],
    enableCoreExtensions: false,
    enableInputRules: false,
    enablePasteRules: false,
    injectCSS: false,
    editable: options.readonly !== true,
    content: shown.toJSON() as object,
    editorProps: {
      attributes: {
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': options.label,
        ...(options.readonly === true ? { 'aria-readonly': 'true' } : {}),
        spellcheck: 'false',
        autocorrect: 'off',
        autocapitalize: 'off',
        autocomplete: 'off',
        writingsuggestions: 'false',
        translate: 'no',
        tabindex: '0',
      },
    },
  })
}

function working(options: Options, text: Y.Text, origin: object, undo: Undo): Extension {
  return Extension.create({
    name: 'working',
    addProseMirrorPlugins() {
      const { schema } = this.editor
      const editable = new Plugin({ props: { editable: () => this.editor.options.editable } })
      const remembering = new Plugin({ props: { handleDOMEvents: { beforeinput: () => { undo.remember(); return false } }, handleKeyDown: () => { undo.remember(); return false } } })
      return [
        editable, remembering, binding(text, origin), pasting(schema, options), typingRules(schema),
        placeholder(options.placeholder), links(options), keymap(keys(undo)), keymap(baseKeymap),
      ]
    },
  })
}

function keys(undo: Undo): Record<string, Command> {
  return {
    Enter: act.enter,
    'Shift-Enter': act.lineBreak,
    'Mod-Enter': act.tick,
    Backspace: chainCommands(undoInputRule, act.backspace),
    'Mod-Backspace': act.backspace,
    Tab: act.setIn(1),
    'Shift-Tab': act.setIn(-1),
    'Mod-]': act.setIn(1),
    'Mod-[': act.setIn(-1),
    'Mod-b': act.toggle('strong'),
    'Mod-i': act.toggle('em'),
    'Mod-e': act.toggle('mono'),
    'Mod-Shift-x': act.toggle('strike'),
    'Mod-z': () => undo.undo(),
    'Mod-y': () => undo.redo(),
    'Mod-Shift-z': () => undo.redo(),
  }
}

type Format = { act: Command; isOn: (view: EditorView) => boolean }

const mark = (name: string): Format => ({ act: act.toggle(name), isOn: (view) => act.isMarked(view.state, name) })
const line = (name: string, attrs: Record<string, unknown> = {}): Format => ({
  act: act.toggleLine(name, attrs),
  isOn: (view) => act.linesOf(view.state).every(({ line: one }) => act.isLine(one, name, attrs)),
})

const formats: Record<FormatName, Format> = {
  bold: mark('strong'),
  italic: mark('em'),
  strike: mark('strike'),
  code: mark('mono'),
  heading: line('heading', { level: 2 }),
  bullets: line('item', { kind: 'bullet' }),
  numbers: line('item', { kind: 'number' }),
  checks: line('check'),
  quote: {
    act: act.toggleQuote,
    isOn: (view) => act.linesOf(view.state).every(({ line: one }) => (one.attrs['quote'] as number) > 0),
  },
}

function isBlank(view: EditorView): boolean {
  const first = view.state.doc.firstChild
  return first !== null && first.type.name === 'paragraph' && first.content.size === 0
}

/** Says what may be written while nothing is. */
function placeholder(words: string): Plugin {
  return new Plugin({
    props: {
      attributes: (state): Record<string, string> => {
        const first = state.doc.firstChild
        const blank = state.doc.childCount === 1 && first?.type.name === 'paragraph' && first.content.size === 0
        return blank && words !== '' ? { 'data-placeholder': words, 'aria-placeholder': words, class: 'is-empty' } : {}
      },
    },
  })
}

/** A link is never followed by the page itself. */
function links(options: Options): Plugin {
  return new Plugin({
    props: {
      handleDOMEvents: {
        click: (view, event) => {
          const link = event.target instanceof Element ? event.target.closest('a[href]') : null
          if (link === null) return false
          event.preventDefault()
          if (!view.editable || event.ctrlKey || event.metaKey) options.onLink?.(link.getAttribute('href') ?? '')
          return false
        },
        auxclick: (_view, event) => {
          if (event.target instanceof Element && event.target.closest('a[href]') !== null) event.preventDefault()
          return false
        },
      },
    },
  })
}
