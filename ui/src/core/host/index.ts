import type { Host } from './types'

export type * from './types'

let chosen: Host | undefined

/** Chooses who answers: the app once at start, a test its own. */
export function useHost(host: Host): void {
  chosen = host
}

/** The core and the shell, as the screen sees them. */
export function host(): Host {
  if (!chosen) throw new Error('no host was chosen')
  return chosen
}
