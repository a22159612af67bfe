import type { Refusal } from './types'

/** The code of whatever a refused command threw. */
export function codeOf(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) {
    const { code } = thrown as Refusal
    if (typeof code === 'string') return code
  }
  return 'unknown'
}
