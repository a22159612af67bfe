import type { Node } from '@tiptap/pm/model'
import { attributesOfLine, attributesOfMarks, dataOf, wellFormed, type Attributes, type Json } from './attrs'

/** One character, one embedded thing, or one line end. */
export type Unit = { what: string | Exclude<Json, string>; attributes: Attributes }

/**
 * The units of some lines, by code point: half a pair of surrogates is never an edit of its own.
 * `open` leaves out the end of the last line, which a text need not have.
 */
export function units(lines: readonly Node[], open = false): Unit[] {
  const all: Unit[] = []
  for (const line of lines) {
    line.forEach((child) => {
      const attributes = attributesOfMarks(child.marks)
      if (child.isText) {
        // A line end within a line would be another line in the shared text.
        for (const what of wellFormed(child.text ?? '').replace(/\n/g, ' ')) all.push({ what, attributes })
      } else {
        all.push({ what: dataOf(child), attributes })
      }
    })
    all.push({ what: '\n', attributes: attributesOfLine(line) })
  }
  if (open) all.pop()
  return all
}

/** How much of the shared text a unit takes. */
export function sizeOf(unit: Unit): number {
  return typeof unit.what === 'string' ? unit.what.length : 1
}

/** How much of the shared text a line takes with its end. */
export function sizeOfLine(line: Node): number {
  return line.content.size + 1
}
