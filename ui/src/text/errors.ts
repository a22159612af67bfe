import { refusalOf } from '../core/host/refusal'
import { en } from './en'
import { t, type Key } from './index.svelte'

/** The sentence for a refusal's code; a code without its own sentence says the general one. */
export function sentenceFor(code: string, what: string | null = null): string {
  const key = `error.${code}`
  return t(Object.hasOwn(en, key) ? (key as Key) : 'error.unknown', { what: what ?? '…' })
}

/** The sentence for whatever a refused command threw. */
export function sentenceOf(thrown: unknown): string {
  const { code, what } = refusalOf(thrown)
  return sentenceFor(code, what)
}
