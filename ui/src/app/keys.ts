import { stays, type Place } from '../core/place.svelte'

export type Acts = {
  help: () => void
  write: () => void
  find: () => void
  lock: () => void
  back: () => void
  go: (place: Place) => void
  group: (at: number) => void
  pane: (step: 1 | -1) => void
}

const places: Record<string, Place> = {
  '1': { at: 'today' },
  '2': { at: 'journal' },
  ',': { at: 'settings' },
}

/** The keys that hold everywhere in the open journal. What a screen needs beside them it hears itself. */
export function hear(event: KeyboardEvent, acts: Acts): void {
  if (event.defaultPrevented || event.isComposing) return
  const act = chosen(event, acts)
  if (!act) return
  event.preventDefault()
  act()
}

function chosen(event: KeyboardEvent, acts: Acts): (() => void) | undefined {
  const { key } = event
  const control = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey
  if (key === 'F1') return acts.help
  if (control && key.toLowerCase() === 'l') return acts.lock
  if (stays()) return undefined
  if (key === 'F6') return () => acts.pane(event.shiftKey ? -1 : 1)
  if (key === 'Escape') return acts.back
  if (event.altKey && key === 'ArrowLeft') return acts.back
  if (!control) return undefined
  const letter = { n: acts.write, k: acts.find }[key.toLowerCase()]
  if (letter) return letter
  const place = places[key]
  if (place) return () => acts.go(place)
  const group = Number(key) - 5
  return group >= 0 && group <= 4 ? () => acts.group(group) : undefined
}

/** Moves the focus to the next part of the window: side bar, list, page, panel. */
export function toPane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter((pane) => pane.checkVisibility())
  if (panes.length === 0) return
  const at = panes.findIndex((pane) => pane.contains(document.activeElement))
  const next = panes[(at + step + panes.length) % panes.length]
  const first = next?.querySelector<HTMLElement>('[aria-current], [contenteditable="true"], [contenteditable="plaintext-only"]')
  ;(first ?? next)?.focus()
}

/** Ctrl + and Ctrl −: the size of all text, in steps. */
export function zoom(event: KeyboardEvent): void {
  if (!(event.ctrlKey || event.metaKey)) return
  const steps = [87.5, 100, 112.5, 125, 150, 175, 200]
  const now = Number.parseFloat(document.documentElement.style.fontSize || '100')
  const at = steps.findIndex((one) => one >= now)
  const next = event.key === '+' || event.key === '=' ? steps[at + 1] : event.key === '-' ? steps[at - 1] : event.key === '0' ? 100 : undefined
  if (next === undefined) return
  event.preventDefault()
  document.documentElement.style.fontSize = `${String(next)}%`
}
