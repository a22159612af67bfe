/** For tests: editors over replicas that are brought together at will. */
import { TextSelection, type Command, type Transaction } from '@tiptap/pm/state'
import * as Y from 'yjs'
import { createEditor, type Editor } from './index'

/** One replica: a real editor in a real page. */
export class Replica {
  readonly editor: Editor
  readonly element = document.createElement('div')
  /** Updates that the editor told since the last meeting. */
  told: Uint8Array[] = []

  constructor(client: number, snapshot: Uint8Array | null = null) {
    document.body.append(this.element)
    this.editor = createEditor({
      element: this.element,
      snapshot,
      label: 'page',
      placeholder: '',
      pictureAddress: (id) => `sealed://localhost/${id}`,
      onUpdate: (update) => this.told.push(update),
    })
    this.owner.clientID = client
  }

  get owner(): Y.Doc {
    const { doc } = this.editor.text
    if (doc === null) throw new Error('a text has a document')
    return doc
  }

  /** What the lines are and hold, for comparing. */
  shown(): unknown {
    return this.editor.view.state.doc.toJSON()
  }

  words(): string {
    return this.editor.view.state.doc.children.map((line) => line.textContent).join('\n')
  }

  do(change: (tr: Transaction) => void): void {
    const tr = this.editor.view.state.tr
    change(tr)
    this.editor.view.dispatch(tr)
  }

  select(from: number, to = from): void {
    this.do((tr) => tr.setSelection(TextSelection.create(tr.doc, from, to)))
  }

  run(command: Command): boolean {
    const { view } = this.editor
    return command(view.state, (tr) => view.dispatch(tr), view)
  }

  /** Types as a keyboard does: each character may fire a rule. */
  type(text: string): void {
    const { view } = this.editor
    for (const character of text) {
      const { from, to } = view.state.selection
      const insert = (): Transaction => view.state.tr.insertText(character, from, to)
      const taken = view.someProp('handleTextInput', (handle) => handle(view, from, to, character, insert))
      if (taken !== true) view.dispatch(insert())
    }
  }

  press(key: string, modifiers: KeyboardEventInit = {}): boolean {
    const { view } = this.editor
    const event = new KeyboardEvent('keydown', { key, ...modifiers })
    return view.someProp('handleKeyDown', (handle) => handle(view, event)) === true
  }

  /** Where these words begin. */
  find(words: string): number {
    let found = -1
    this.editor.view.state.doc.descendants((node, at) => {
      const inside = node.isText ? (node.text ?? '').indexOf(words) : -1
      if (inside >= 0 && found < 0) found = at + inside
    })
    if (found < 0) throw new Error(`${words} is not here`)
    return found
  }

  close(): void {
    this.editor.destroy()
    this.element.remove()
  }
}

/** Brings all replicas together. */
export function meet(...all: Replica[]): void {
  for (let round = 0; round < 2; round += 1) {
    for (const from of all) {
      for (const to of all) {
        if (from !== to) to.editor.apply(Y.encodeStateAsUpdate(from.owner, Y.encodeStateVector(to.owner)))
      }
    }
  }
  for (const one of all) one.told = []
}

/** Random numbers from a seed. */
export function random(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
