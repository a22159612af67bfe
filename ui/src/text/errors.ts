import { en } from './en'
import { t, type Key } from './index.svelte'

/** The sentence for a refusal's code; a code without its own sentence says the general one. */
export function sentenceFor(code: string): string {
  const key = `error.${code}`
  return t(Object.hasOwn(en, key) ? (key as Key) : 'error.unknown')
}
