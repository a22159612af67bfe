import { sentenceFor } from '../../text/errors'
import { t } from '../../text/index.svelte'

const known = ['cut', 'unknown', 'date', 'text', 'tooBig', 'picture', 'hash', 'missing'] as const

/** Why something could not be read, in words. */
export function why(code: string): string {
  const found = known.find((one) => one === code)
  if (found) return t(`why.${found}`)
  const sentence = sentenceFor(code)
  return sentence === sentenceFor('unknown') ? t('why.unknown') : sentence
}
