import { afterEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { deltaOf } from './fromDelta'
import { meet, Replica } from './testing'

const open: Replica[] = []
const replica = (client = 11_001, snapshot: Uint8Array | null = null): Replica => {
  const one = new Replica(client, snapshot)
  open.push(one)
  return one
}
const snapshotOf = (write: (text: Y.Text) => void): Uint8Array => {
  const doc = new Y.Doc()
  doc.clientID = 20_001
  write(doc.getText('t'))
  return Y.encodeStateAsUpdate(doc)
}
const paste = new Event('paste') as ClipboardEvent
const lines = (one: Replica): string[] => one.editor.view.state.doc.children.map((line) => `${line.type.name}:${line.textContent}`)

afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

describe('a page', () => {
  it('is a named text box that no program reads along with', () => {
    const box = replica().element.firstElementChild
    expect(box).toHaveAttribute('role', 'textbox')
    expect(box).toHaveAttribute('aria-multiline', 'true')
    expect(box).toHaveAttribute('aria-label', 'page')
    expect(box).toHaveAttribute('spellcheck', 'false')
    expect(document.querySelector('style[data-tiptap-style]')).toBeNull()
  })

  it('changes nothing by being opened', () => {
    const one = replica(11_001, snapshotOf((text) => text.insert(0, 'no line end')))
    expect(one.told).toHaveLength(0)
    expect(one.editor.text.toJSON()).toBe('no line end')
    one.select(one.find('end') + 3)
    one.type('ing')
    // The first edit gives the line the end that it lacked.
    expect(one.editor.text.toJSON()).toBe('no line ending\n')
    one.press('Enter')
    one.type('x')
    expect(one.editor.text.toJSON()).toBe('no line ending\nx\n')
  })

  it('carries what it does not know through an edit', () => {
    const one = replica(11_001, snapshotOf((text) => {
      text.insert(0, 'plain ')
      text.insert(6, 'glow', { hk_glow: { c: 1 }, other: 'x' })
      text.insertEmbed(10, { hk: 'table', rows: [1] }, {})
      text.insert(11, '\n', { t: 'hk_future', z: 5 })
    }))
    const before = deltaOf(one.editor.text)
    one.do((tr) => tr.insertText('x', 1))
    expect(deltaOf(one.editor.text)).toEqual([{ insert: 'xplain ' }, ...before.slice(1)])
  })

  it('tells half a pair of surrogates never', () => {
    const a = replica(11_001)
    const b = replica(11_002)
    a.type('a🌱b')
    meet(a, b)
    a.do((tr) => tr.replaceWith(2, 4, tr.doc.type.schema.text('🌲')))
    meet(a, b)
    expect(b.words()).toBe('a🌲b')
    a.do((tr) => tr.insertText('\uD83C', 1))
    meet(a, b)
    expect(b.words()).toBe('\uFFFDa🌲b')
  })

  it('keeps the caret where it is when others write', () => {
    const a = replica(11_001)
    const b = replica(11_002)
    a.type('one two')
    meet(a, b)
    b.select(b.find('two'), b.find('two') + 3)
    a.do((tr) => tr.insertText('zero ', 1))
    a.select(a.find('one') + 3)
    a.press('Enter')
    meet(a, b)
    const { selection, doc } = b.editor.view.state
    expect(doc.textBetween(selection.from, selection.to)).toBe('two')
    expect(lines(b)).toEqual(['paragraph:zero one', 'paragraph: two'])
  })

  it('takes back its own changes only', () => {
    const a = replica(11_001)
    const b = replica(11_002)
    a.type('mine ')
    meet(a, b)
    b.do((tr) => tr.insertText('yours ', 1))
    meet(a, b)
    a.editor.undo()
    meet(a, b)
    expect(a.words()).toBe('yours ')
    a.editor.redo()
    expect(a.words()).toBe('yours mine ')
  })

  it('writes on under the id that wrote before', () => {
    const one = replica(11_001)
    one.type('words')
    const snapshot = Y.encodeStateAsUpdate(one.owner)
    const again = new Replica(0, snapshot)
    open.push(again)
    again.owner.clientID = 0
    const fresh = replica(11_009, snapshot)
    expect([...Y.decodeStateVector(Y.encodeStateVector(fresh.owner)).keys()]).toEqual([11_001])
  })
})

describe('typing as in Markdown', () => {
  const typed: [string, string[]][] = [
    ['# Night', ['heading:Night']],
    ['- tea', ['item:tea']],
    ['1. one', ['item:one']],
    ['1986. A year', ['paragraph:1986. A year']],
    ['[ ] walk', ['check:walk']],
    ['[x] call', ['check:call']],
    ['> said', ['paragraph:said']],
    ['--- after', ['rule:', 'paragraph: after']],
    ['``` let', ['code:let']],
  ]
  it.each(typed)('%s', (text, expected) => {
    const one = replica()
    one.type(text)
    expect(lines(one)).toEqual(expected)
  })

  it('marks words between signs', () => {
    const one = replica()
    one.type('a **b c** d *e* f `g` h ~~i~~ [j](https://example.org/) k')
    expect(deltaOf(one.editor.text)).toEqual([
      { insert: 'a ' }, { insert: 'b c', attributes: { strong: true } }, { insert: ' d ' }, { insert: 'e', attributes: { em: true } },
      { insert: ' f ' }, { insert: 'g', attributes: { code: true } }, { insert: ' h ' }, { insert: 'i', attributes: { strike: true } },
      { insert: ' ' }, { insert: 'j', attributes: { link: { href: 'https://example.org/' } } }, { insert: ' k\n' },
    ])
  })

  it('gives the signs back by one step', () => {
    const one = replica()
    one.type('# ')
    expect(lines(one)).toEqual(['heading:'])
    one.press('Backspace')
    expect(lines(one)).toEqual(['paragraph:# '])
  })

  it('goes on with a list and leaves it by an empty item', () => {
    const one = replica()
    one.type('- tea')
    one.press('Enter')
    one.type('milk')
    one.press('Tab')
    one.press('Enter')
    one.press('Enter')
    one.press('Enter')
    one.type('after')
    expect(lines(one)).toEqual(['item:tea', 'item:milk', 'paragraph:after'])
    expect(one.editor.view.state.doc.child(1).attrs['indent']).toBe(1)
  })

  it('makes a heading plain, then joins it, by backspace', () => {
    const one = replica()
    one.type('one')
    one.press('Enter')
    one.type('## two')
    one.select(one.find('two'))
    one.press('Backspace')
    expect(lines(one)).toEqual(['paragraph:one', 'paragraph:two'])
    one.press('Backspace')
    expect(lines(one)).toEqual(['paragraph:onetwo'])
  })

  it('lets Tab leave the page where there is no list', () => {
    expect(replica().press('Tab')).toBe(false)
  })
})

describe('pictures and pastes', () => {
  const id = '0123456789abcdef0123456789abcdef'

  it('shows a picture by its sealed address alone', () => {
    const one = replica()
    one.type('see ')
    one.editor.insertPicture(id, 'a path')
    expect(one.element.querySelector(`img[data-picture="${id}"]`)).toHaveAttribute('src', `sealed://localhost/${id}`)
    expect(deltaOf(one.editor.text)[1]).toEqual({ insert: { hk: 'picture', id, alt: 'a path' } })
  })

  it.each(['blob:tauri://localhost/x', 'data:image/png;base64,AA', 'http://example.org/x.png', 'file:///x.png'])('takes no picture from %s', (address) => {
    const one = replica()
    one.editor.view.pasteHTML(`<p>a<img src="${address}" data-picture="${id}">b</p>`, paste)
    expect(one.element.querySelector('img[src]:not(.ProseMirror-separator)')).toBeNull()
    expect(one.words()).toBe('ab')
  })

  it('takes lists, quotes and code of other programs as lines', () => {
    const one = replica()
    one.editor.view.pasteHTML('<h2>t</h2><ul><li>a<ul><li><p>b</p></li></ul></li></ul><ol><li>c</li></ol><blockquote><p>d</p></blockquote><pre>e\nf</pre><p><a href="javascript:x">g</a></p>', paste)
    expect(lines(one)).toEqual(['heading:t', 'item:a', 'item:b', 'item:c', 'paragraph:d', 'code:e', 'code:f', 'paragraph:g'])
    expect(one.editor.text.toJSON()).toBe('t\na\nb\nc\nd\ne\nf\ng\n')
    expect(JSON.stringify(deltaOf(one.editor.text))).not.toContain('javascript')
  })

  it('keeps empty lines of pasted text', () => {
    const one = replica()
    one.editor.view.pasteText('a\n\nb', paste)
    expect(one.words()).toBe('a\n\nb')
  })

  it('gives chosen words as Markdown', () => {
    const one = replica()
    one.type('# Night')
    one.press('Enter')
    one.type('- a **b** c')
    one.do((tr) => tr)
    one.select(1, one.editor.view.state.doc.content.size - 1)
    expect(one.editor.selectedMarkdown()).toBe('# Night\n\n- a **b** c')
  })
})
