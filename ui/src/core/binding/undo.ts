/** Undo: only of one's own changes, only in the editor, and gone with it. */
import type { EditorView } from '@tiptap/pm/view'
import { TextSelection } from '@tiptap/pm/state'
import * as Y from 'yjs'
import { offsetOf, positionOf } from './remote'

type Place = { anchor: Y.RelativePosition; head: Y.RelativePosition }
type Item = { meta: Map<unknown, unknown> }

const place = Symbol('place')

export class Undo {
  readonly #manager: Y.UndoManager
  #before: Place | undefined

  constructor(
    readonly view: () => EditorView,
    readonly text: Y.Text,
    origin: object,
  ) {
    this.#manager = new Y.UndoManager(text, { trackedOrigins: new Set([origin]), captureTimeout: 500 })
    this.#manager.on('stack-item-added', ({ stackItem }: { stackItem: Item }) => {
      if (this.#before !== undefined && !stackItem.meta.has(place)) stackItem.meta.set(place, this.#before)
    })
    this.#manager.on('stack-item-popped', ({ stackItem }: { stackItem: Item }) => this.#back(stackItem.meta.get(place) as Place | undefined))
  }

  /** Where the caret stands before the next change. */
  remember(): void {
    const { doc, selection } = this.view().state
    const at = (position: number): Y.RelativePosition =>
      Y.createRelativePositionFromTypeIndex(this.text, Math.min(offsetOf(doc, position), this.text.length))
    this.#before = { anchor: at(selection.anchor), head: at(selection.head) }
  }

  undo(): boolean {
    return this.#manager.undo() !== null
  }

  redo(): boolean {
    return this.#manager.redo() !== null
  }

  destroy(): void {
    this.#manager.clear()
    this.#manager.destroy()
  }

  #back(to: Place | undefined): void {
    const owner = this.text.doc
    if (to === undefined || owner === null) return
    const view = this.view()
    const at = (relative: Y.RelativePosition): number => {
      const absolute = Y.createAbsolutePositionFromRelativePosition(relative, owner)
      return positionOf(view.state.doc, absolute?.index ?? 0)
    }
    view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, at(to.anchor), at(to.head))).scrollIntoView())
  }
}
