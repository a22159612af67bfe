import type { Key } from '../../text/index.svelte'

/** The greeting follows the clock, and is neutral in the small hours. */
export function greeting(now: Date): Key {
  const hour = now.getHours()
  if (hour < 5) return 'lock.night'
  if (hour < 11) return 'lock.morning'
  if (hour < 17) return 'lock.day'
  return 'lock.evening'
}
