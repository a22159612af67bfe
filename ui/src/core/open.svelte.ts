import { untrack } from 'svelte'

/** `close` stores its last words, `clear` gives them up. */
type Page = { close: () => Promise<void>; clear: () => void }

const open = new Set<Page>()
const state = $state<{ stored: number; unsaved: boolean }>({ stored: 0, unsaved: false })

/** A page that is being written on says so, that a lock can find it. */
export function opened(page: Page): () => void {
  open.add(page)
  return () => open.delete(page)
}

/** A batch of some page came to rest: `stored` counts those on the disk, for whoever waits for one. */
export function rested(stored: boolean): void {
  untrack(() => {
    if (stored) state.stored += 1
    state.unsaved = !stored
  })
}

export function storedCount(): number {
  return state.stored
}

export function unsaved(): boolean {
  return state.unsaved
}

/** Stores every page's last words, then has every page give them up. */
export async function giveUpWords(): Promise<void> {
  for (const page of open) {
    await page.close().catch(() => undefined)
  }
  for (const page of open) page.clear()
  open.clear()
}
