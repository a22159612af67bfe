import type { Refusal } from './types'

/** What a refused command threw: its code, and what is to blame where that can be named. */
export function refusalOf(thrown: unknown): Refusal {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return { code: 'unknown', what: null }
  const { code } = thrown
  const what = 'what' in thrown && typeof thrown.what === 'string' ? thrown.what : null
  return { code: typeof code === 'string' ? code : 'unknown', what }
}

export const codeOf = (thrown: unknown): string => refusalOf(thrown).code
