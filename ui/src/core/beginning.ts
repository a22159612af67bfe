import type { EntryRow } from './host'

/** So many characters of its first line a list carries of an entry. */
const carried = 120

/** How an entry begins, cut behind a whole word where it goes on. */
export function beginning(row: Pick<EntryRow, 'firstLine' | 'words'>): string {
  const line = row.firstLine.trim()
  if (line.split(/\s+/).length >= row.words) return line
  const cut = Array.from(row.firstLine).length < carried ? line : line.replace(/\s+\S{1,24}$/, '')
  return `${cut} …`
}
