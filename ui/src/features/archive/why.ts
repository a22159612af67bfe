import { en } from '../../text/en'
import { t, type Key } from '../../text/index.svelte'

/** Why something could not be read, in words. */
export function why(code: string): string {
  const key = `why.${code}`
  return t(Object.hasOwn(en, key) ? (key as Key) : 'why.other')
}
