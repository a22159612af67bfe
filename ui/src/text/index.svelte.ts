import { IntlMessageFormat } from 'intl-messageformat'
import { en } from './en'

export type Key = keyof typeof en
export type Values = Record<string, string | number>

/** `pseudo` and `mirror` are for tests: every sentence marked and lengthened, and the page mirrored. */
export type Language = 'en' | 'pseudo' | 'mirror'

const languages: Record<Language, { locale: string; dir: 'ltr' | 'rtl' }> = {
  en: { locale: 'en-GB', dir: 'ltr' },
  pseudo: { locale: 'en-GB', dir: 'ltr' },
  mirror: { locale: 'en-GB', dir: 'rtl' },
}

const spoken = $state<{ language: Language }>({ language: 'en' })
const made = new Map<Key, IntlMessageFormat>()

export function isLanguage(name: string): name is Language {
  return Object.hasOwn(languages, name)
}

export function speak(language: Language): void {
  spoken.language = language
}

export function language(): Language {
  return spoken.language
}

export function locale(): string {
  return languages[spoken.language].locale
}

export function direction(): 'ltr' | 'rtl' {
  return languages[spoken.language].dir
}

// Isolates, by number: as signs they would change how this file itself is read.
const isolate = String.fromCodePoint(0x2068)
const release = String.fromCodePoint(0x2069)
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufefc]/

// What a member wrote may run the other way than the sentence around it, so it is set apart.
function apart(value: string): string {
  const may = spoken.language !== 'en' || rightToLeft.test(value)
  return may ? isolate + value + release : value
}

/** The sentence for `key`, in the language of the screen. */
export function t(key: Key, values?: Values): string {
  let message = made.get(key)
  if (!message) {
    message = new IntlMessageFormat(en[key], 'en-GB')
    made.set(key, message)
  }
  const marked = values && mark(values)
  const sentence = String(message.format<string>(marked))
  return spoken.language === 'pseudo' ? lengthen(sentence) : sentence
}

function mark(values: Values): Values {
  const marked: Values = {}
  for (const [name, value] of Object.entries(values)) {
    // A `select` compares its value: only what is shown is set apart, and those are not codes.
    marked[name] = typeof value === 'string' && !name.startsWith('is') ? apart(value) : value
  }
  return marked
}

const accents: Record<string, string> = { a: 'á', e: 'ë', i: 'ï', o: 'ö', u: 'ü', A: 'Å', E: 'É', O: 'Ø' }

function lengthen(sentence: string): string {
  let inside = false
  let out = ''
  for (const letter of sentence) {
    if (letter === isolate) inside = true
    if (letter === release) inside = false
    out += inside ? letter : (accents[letter] ?? letter)
  }
  return `⟦${out} ${'~'.repeat(Math.ceil(sentence.length * 0.3))}⟧`
}
