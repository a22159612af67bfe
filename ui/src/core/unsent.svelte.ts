import { host } from './host'
import type { ShareRequest } from './host'

// The core hands each back once: from then on it lives here, until it is opened or put away.
const kept = $state<{ unsent: ShareRequest[] }>({ unsent: [] })

export async function readUnsent(group: string): Promise<void> {
  kept.unsent = [...kept.unsent, ...(await host().takeUnsent(group))]
}

export const unsentOf = (group: string): ShareRequest[] => kept.unsent.filter((one) => one.group === group)

export function putAwayUnsent(request: ShareRequest): void {
  kept.unsent = kept.unsent.filter((one) => one !== request)
}

export function forgetUnsent(): void {
  kept.unsent = []
}
