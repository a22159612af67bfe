import type { Node as Line } from '@tiptap/pm/model'
import type { Attributes } from './attrs'

/** What every line shows of itself. The direction of writing follows its own words. */
export function domAttributes(line: Line): Record<string, string> {
  const { indent, quote, ext } = line.attrs as { indent: number; quote: number; ext: Attributes | null }
  const dom: Record<string, string> = { dir: 'auto' }
  if (indent > 0) dom['data-indent'] = String(Math.min(indent, 8))
  if (quote > 0) dom['data-quote'] = String(Math.min(quote, 8))
  if (ext !== null) dom['data-ext'] = JSON.stringify(ext)
  return dom
}
