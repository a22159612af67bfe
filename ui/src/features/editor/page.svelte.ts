import { createEditor, type Editor } from '../../core/binding'
import { host } from '../../core/host'
import type { EntryRow, FieldsPatch } from '../../core/host'
import { opened, rested } from '../../core/open.svelte'
import { Writing } from '../../core/writing.svelte'
import { t } from '../../text/index.svelte'

const nothing: FieldsPatch = { title: null, tags: null, feelings: null, at: null }

/** One entry on the screen: its words, its facts, and its way to the disk. */
export class OpenPage {
  row = $state<EntryRow | null>(null)
  editor = $state.raw<Editor | null>(null)
  /** Grows when the caret or the text has moved: what stands in the bar is read anew. */
  moved = $state(0)
  empty = $state(true)
  readonly writing: Writing
  readonly #made: (row: EntryRow) => void
  #leave: (() => void) | undefined
  #closed = false

  constructor(entry: string | null, made: (row: EntryRow) => void) {
    this.#made = made
    this.writing = new Writing(entry, async () => {
      const row = await host().newEntry()
      this.row = row
      this.#made(row)
      return row.id
    })
  }

  /** Reads the entry and shows it in `element`. */
  async show(element: HTMLElement, says: { label: string; placeholder: string; onlink: (address: string) => void }): Promise<void> {
    const id = this.writing.entry
    const [row, snapshot] = id === null ? [null, null] : await Promise.all([host().entry(id), host().entryText(id)])
    if (this.#closed) return
    this.row = row
    this.editor = createEditor({
      element,
      snapshot,
      label: says.label,
      placeholder: says.placeholder,
      pictureAddress: (picture) => host().pictureAddress(picture),
      onUpdate: (update) => this.writing.add(update),
      onChange: () => this.#look(),
      onPasteNothing: () => void this.#pasted(),
      onPasteFile: (file) => void this.attach(file),
      onLink: says.onlink,
    })
    this.#look()
    this.#leave = opened({ close: () => this.writing.close(), clear: () => this.clear() })
  }

  #look(): void {
    this.moved += 1
    this.empty = this.editor?.empty() ?? true
  }

  async set(patch: Partial<FieldsPatch>): Promise<void> {
    const id = await this.writing.ensure()
    this.row = await host().setFields(id, { ...nothing, ...patch })
  }

  /** Seals a picture apart from the text and puts it where the caret is. */
  async attach(file: File): Promise<void> {
    const id = await this.writing.ensure()
    const picture = await host().attach(id, file.name, file.type, new Uint8Array(await file.arrayBuffer()))
    this.editor?.insertPicture(picture, t('entry.pictureAlt'))
  }

  async #pasted(): Promise<void> {
    const picture = await host().pastePicture(await this.writing.ensure())
    if (picture !== null) this.editor?.insertPicture(picture, t('entry.pictureAlt'))
  }

  /** Brings an earlier state back: the core adds it as a change, and the page takes the change in. */
  async bringBack(version: string): Promise<void> {
    const id = this.writing.entry
    if (id === null) return
    await this.writing.flush()
    await host().restoreVersion(id, version)
    this.editor?.apply(await host().entryText(id))
    this.row = await host().entry(id)
  }

  /** Gives the words up: nothing of them stays on the page. */
  clear(): void {
    this.#closed = true
    this.#leave?.()
    this.editor?.destroy()
    this.editor = null
    this.row = null
  }

  /** Keeps the last words, then gives them up. */
  async close(): Promise<void> {
    this.#closed = true
    await this.writing.close().catch(() => undefined)
    this.clear()
  }
}

/** Tells the frame whether the page's words are on the disk. */
export function tellMark(page: OpenPage): void {
  $effect(() => {
    if (page.writing.stored > 0 && page.writing.mark.kind === 'saved') rested(true)
    if (page.writing.mark.kind === 'notSaved') rested(false)
  })
}
