/**
 * Binds the editor to one flat `Y.Text`: what is typed goes into the text step by step, and what
 * comes from the core goes into the editor without moving the caret.
 */
import type { Node } from '@tiptap/pm/model'
import { Plugin, PluginKey } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import type * as Y from 'yjs'
import { follow, type Change } from './remote'
import { write } from './write'

/** The states through which the editor went in one transaction. */
type Trail = { docs: readonly Node[]; from: Trail | undefined }

const key = new PluginKey<Trail>('binding')

/** The plugin for one text. `origin` marks our own changes, so that they are not taken for others'. */
export function binding(text: Y.Text, origin: object): Plugin<Trail> {
  return new Plugin<Trail>({
    key,
    state: {
      init: () => ({ docs: [], from: undefined }),
      apply: (tr, trail) => {
        if (!tr.docChanged) return trail
        // A transaction of ours shows what the text has already.
        return { docs: tr.getMeta(key) === true ? [] : [...tr.docs, tr.doc], from: trail }
      },
    },
    view: (view) => new Bound(view, text, origin),
  })
}

class Bound {
  readonly #observe: (event: Y.YTextEvent, transaction: Y.Transaction) => void

  constructor(
    readonly view: EditorView,
    readonly text: Y.Text,
    readonly origin: object,
  ) {
    this.#observe = (event, transaction) => {
      if (transaction.origin === this.origin) return
      const tr = follow(view.state, text, event.delta as Change[])
      view.dispatch(tr.setMeta(key, true).setMeta('addToHistory', false))
    }
    text.observe(this.#observe)
  }

  update(view: EditorView, previous: EditorView['state']): void {
    const now = key.getState(view.state)
    const was = key.getState(previous)
    if (now === undefined || now === was) return
    const steps = stepsSince(was, now) ?? [[previous.doc, view.state.doc]]
    now.from = undefined
    const changes = steps.some((docs) => docs.length > 1)
    if (!changes) return
    this.text.doc?.transact(() => {
      for (const docs of steps) {
        // Each step alone is one place: so nothing between two places is deleted and written anew.
        docs.slice(1).forEach((doc, at) => {
          const before = docs[at]
          if (before !== undefined) write(this.text, before, doc)
        })
      }
    }, this.origin)
  }

  destroy(): void {
    this.text.unobserve(this.#observe)
  }
}

/** The states between two trails, oldest first; nothing when the older one is not behind the newer. */
function stepsSince(was: Trail | undefined, now: Trail): (readonly Node[])[] | undefined {
  const steps: (readonly Node[])[] = []
  for (let trail: Trail | undefined = now; trail !== undefined; trail = trail.from) {
    if (trail === was) return steps.reverse()
    steps.push(trail.docs)
  }
  return undefined
}
