/** A check box before its line: it can be ticked by pointer, and says what it is to a screen reader. */
import type { NodeViewRenderer } from '@tiptap/core'
import type { Node } from '@tiptap/pm/model'
import { domAttributes } from './dom'

export const checkView: NodeViewRenderer = ({ node, getPos, view }) => {
  const dom = document.createElement('div')
  const box = document.createElement('span')
  const words = document.createElement('p')
  box.contentEditable = 'false'
  box.setAttribute('role', 'checkbox')
  dom.append(box, words)
  let done = false
  const draw = (line: Node): void => {
    done = line.attrs['done'] === true
    for (const name of dom.getAttributeNames()) dom.removeAttribute(name)
    for (const [name, value] of Object.entries(domAttributes(line))) dom.setAttribute(name, value)
    dom.setAttribute('data-line', 'check')
    dom.setAttribute('data-done', String(done))
    box.setAttribute('aria-checked', String(done))
    box.setAttribute('aria-label', line.textContent.trim() === '' ? '☐' : line.textContent.trim())
  }
  draw(node)
  box.addEventListener('mousedown', (event) => {
    event.preventDefault()
    const at = getPos()
    if (at !== undefined && view.editable) view.dispatch(view.state.tr.setNodeAttribute(at, 'done', !done))
  })
  return {
    dom,
    contentDOM: words,
    update: (next: Node) => {
      if (next.type.name !== 'check') return false
      draw(next)
      return true
    },
    ignoreMutation: (mutation) => mutation.type !== 'selection' && !words.contains(mutation.target),
  }
}
