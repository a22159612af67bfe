import type { Unsent } from './host'
import { forgetQuiet } from './toast.svelte'

/** Where the member is. Depth: place, then thing, then panel; never more. */
export type Place =
  | { at: 'today' }
  | { at: 'journal'; entry?: string | undefined; drawer?: boolean; tag?: string; day?: string }
  | { at: 'entry'; entry: string }
  | { at: 'share'; entry?: string | undefined; group?: string | undefined; text?: string | undefined; draft?: Unsent | undefined }
  | { at: 'group'; group: string }
  | { at: 'members'; group: string }
  | { at: 'newGroup' }
  | { at: 'invitation' }
  | { at: 'plan' }
  | { at: 'backups' }
  | { at: 'import' }
  | { at: 'export' }
  | { at: 'settings' }

const here = $state<{ place: Place; before: Place[] }>({ place: { at: 'today' }, before: [] })
let staying = $state(false)

export function place(): Place {
  return here.place
}

/** While something is shown that is shown only once, nothing leads away from it. */
export function stays(): boolean {
  return staying
}

export function stay(on: boolean): void {
  staying = on
}

export function go(to: Place): void {
  if (staying) return
  forgetQuiet()
  here.before = [...here.before.slice(-20), here.place]
  here.place = to
}

/** One step back; from the first place it stays. */
export function back(): void {
  if (staying) return
  const last = here.before.at(-1)
  here.before = here.before.slice(0, -1)
  here.place = last ?? { at: 'today' }
}

/** Back to the beginning, with nothing remembered. */
export function forgetPlaces(): void {
  here.place = { at: 'today' }
  here.before = []
  staying = false
}
