// The page that was left open on Today: coming back to Today goes on with it.
const kept = $state<{ entry: string | null; fresh: number }>({ entry: null, fresh: 0 })

export function openEntry(): string | null {
  return kept.entry
}

export function keepOpen(entry: string | null): void {
  kept.entry = entry
}

/** Asks for an empty page; `freshPage` grows, and Today opens one. */
export function askFresh(): void {
  kept.entry = null
  kept.fresh += 1
}

export function freshPage(): number {
  return kept.fresh
}
