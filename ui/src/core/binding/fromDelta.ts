import type { Node, Schema } from '@tiptap/pm/model'
import type * as Y from 'yjs'
import { embedOf, lineOf, marksOf, nodeType, type Attributes, type Json } from './attrs'

/** One run of the shared text. */
export type Op = { insert: Json; attributes?: Attributes }

/** The runs of the shared text. Nested shared types are refused by the core before they get here. */
export function deltaOf(text: Y.Text): Op[] {
  return text.toDelta() as Op[]
}

/** The editor's document that shows these runs: one block for each line. */
export function fromDelta(schema: Schema, delta: readonly Op[]): Node {
  const lines: Node[] = []
  let open: Node[] = []
  const close = (attributes: Attributes): void => {
    lines.push(lineOf(schema, attributes, open))
    open = []
  }
  for (const { insert, attributes = {} } of delta) {
    if (typeof insert !== 'string') {
      open.push(embedOf(schema, insert, marksOf(schema, attributes)))
      continue
    }
    insert.split('\n').forEach((part, at) => {
      if (at > 0) close(attributes)
      if (part !== '') open.push(schema.text(part, marksOf(schema, attributes)))
    })
  }
  // Words behind the last line end are a line too; and an editor always has one.
  if (open.length > 0 || lines.length === 0) close({})
  return nodeType(schema, 'doc').create(null, lines)
}
