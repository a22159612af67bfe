/** The chosen lines as Markdown, as the core would write them. */
import type { Fragment, Mark, Node } from '@tiptap/pm/model'

export function markdownOf(lines: Fragment): string {
  let out = ''
  let before: Node | undefined
  const numbers: number[] = []
  lines.forEach((line) => {
    if (line.content.size === 0 && line.type.name !== 'rule') {
      before = undefined
      if (out !== '') out += '\n'
      return
    }
    const { indent = 0, quote = 0 } = line.attrs as { indent?: number; quote?: number }
    const list = line.type.name === 'item' || line.type.name === 'check'
    if (!list) numbers.length = 0
    const close = before !== undefined && list && (before.type.name === 'item' || before.type.name === 'check')
    const prefix = '> '.repeat(quote)
    if (out !== '' && !close) out += '\n'
    out += `${prefix}${'  '.repeat(list ? indent : 0)}${sign(line, indent, numbers)}${wordsOf(line, prefix)}\n`
    before = line
  })
  return out.replace(/\n+$/, '')
}

function sign(line: Node, indent: number, numbers: number[]): string {
  switch (line.type.name) {
    case 'heading':
      return `${'#'.repeat(line.attrs['level'] as number)} `
    case 'check':
      return line.attrs['done'] === true ? '- [x] ' : '- [ ] '
    case 'rule':
      return '***'
    case 'item': {
      if (line.attrs['kind'] !== 'number') return '- '
      numbers.length = indent + 1
      const number = (numbers[indent] ?? 0) + 1
      numbers[indent] = number
      return `${String(number)}. `
    }
    default:
      return ''
  }
}

function wordsOf(line: Node, prefix: string): string {
  let out = ''
  line.forEach((child) => {
    if (child.isText) out += marked(child.text ?? '', child.marks)
    else if (child.type.name === 'break') out += `\\\n${prefix}`
    else if (child.type.name === 'picture') out += `![${escaped(child.attrs['alt'] as string)}](hk:${child.attrs['id'] as string})`
  })
  return /^(\d+[.)]|[-+#>=])/.test(out) ? out.replace(/^(\d*)/, '$1\\') : out
}

const signs: Record<string, string> = { strong: '**', em: '*', strike: '~~' }

function marked(text: string, marks: readonly Mark[]): string {
  const [, start = '', words = '', end = ''] = /^(\s*)([^]*?)(\s*)$/.exec(text) ?? []
  if (words === '') return text
  const names = marks.map((mark) => mark.type.name)
  let out = names.includes('mono') && !words.includes('`') ? `\`${words}\`` : escaped(words)
  for (const name of names) out = `${signs[name] ?? ''}${out}${signs[name] ?? ''}`
  const link = marks.find((mark) => mark.type.name === 'link')
  if (link !== undefined) out = `[${out}](<${(link.attrs['href'] as string).replace(/[<>\\]/g, '\\$&')}>)`
  return `${start}${out}${end}`
}

function escaped(text: string): string {
  return text.replace(/[\\`*[\]<~_]/g, '\\$&')
}
