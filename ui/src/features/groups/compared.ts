import { host } from '../../core/host'

/** What came of the last comparison of the twelve words, on this computer. */
export type Compared = { day: string; words: string[]; same: boolean }

const place = (group: string): string => `compared:${group}`

export async function lastCompared(group: string): Promise<Compared | null> {
  const kept = await host().keptWords(place(group))
  if (kept === null) return null
  const [day = '', same = '', ...words] = kept.split(' ')
  return { day, same: same === 'same', words }
}

export function keepCompared(group: string, compared: Compared): Promise<void> {
  return host().keepWords(place(group), [compared.day, compared.same ? 'same' : 'different', ...compared.words].join(' '))
}

/** The words are those that were compared: nobody came or went since. */
export const stillTheSame = (compared: Compared, words: string[]): boolean => compared.words.join(' ') === words.join(' ')
