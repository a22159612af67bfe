import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IntlMessageFormat } from 'intl-messageformat'
import { afterEach, expect, test } from 'vitest'
import { sentenceFor } from './errors'
import { countryOf, daysOf, helplines, openUntil } from './helplines'
import { en } from './en'
import { speak, t, type Key } from './index.svelte'
import { alarmSentence, lightSentence, noteState } from './states'

afterEach(() => speak('en'))

const keys = Object.keys(en) as Key[]
const source = join(import.meta.dirname, '..')

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? files(join(folder, one.name)) : [join(folder, one.name)],
  )
}

test('every sentence can be read', () => {
  for (const key of keys) expect(() => new IntlMessageFormat(en[key], 'en-GB'), key).not.toThrow()
})

test('no sentence shouts, scolds, or speaks of itself', () => {
  const forbidden = /!|\b(oops|just|simply|should|must|user|admin|post|feed|relapse|streak|failed|please try)\b|\b(I|we|our|us)\b/i
  // Buttons, and what is said to a helper, speak as the member; a wish is the author's own.
  const member = /^(wish|reaction|lock\.(show|hide)|begin\.(have|makeOne)|today\.have|group\.have|other\.none$|words\.have|watch\.read|alarm\.read|requests\.heard|share\.wish|group\.askBack|help\.begin|try\.(again|later))/
  for (const key of keys.filter((one) => !member.test(one))) expect(en[key], key).not.toMatch(forbidden)
})

test('every sentence is used somewhere', () => {
  const text = files(source)
    .filter((file) => /\.(svelte|ts)$/.test(file) && !file.includes('/text/en/') && !file.includes('/testing/') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
  const made = [...text.matchAll(/`([a-zA-Z.]+)\$\{[^}]*\}([a-zA-Z.]*)`/g)].map(([, start = '', end = '']) => ({ start, end }))
  const unused = keys.filter((key) => !/^(error|why)\./.test(key) && !text.includes(`'${key}'`) && !made.some(({ start, end }) => key.startsWith(start) && key.endsWith(end)))
  expect(unused).toEqual([])
})

test('counts take their plural', () => {
  expect(t('versions.words', { count: 1 })).toBe('1 word')
  expect(t('versions.words', { count: 1204 })).toBe('1,204 words')
  expect(t('share.go', { count: 3 })).toBe('Share with three people')
})

test('a name that runs the other way is set apart', () => {
  expect(t('note.takenBack', { name: 'نور' })).toBe('\u2068نور\u2069 took something back.')
})

test('the pseudo-language marks every sentence, and leaves names alone', () => {
  speak('pseudo')
  const said = t('note.takenBack', { name: 'Noor' })
  expect(said).toMatch(/^⟦.*⟧$/u)
  expect(said).toContain('Noor')
  expect(said).not.toContain('took')
})

test('every alarm, every light and every state of a note has its own sentence', () => {
  const kinds = ['gap', 'withheld', 'relayFork', 'equivocation', 'signature', 'commitment', 'role', 'commitRefused', 'malformed', 'linkUsedTwice', 'beyondCut'] as const
  const alarms = kinds.map((kind) => alarmSentence({ id: 'a', group: 'g', kind, member: 'Jo', at: '' }))
  expect(new Set(alarms).size).toBe(kinds.length)
  const group = 'g'
  const lights = [
    lightSentence({ kind: 'saved' }), lightSentence({ kind: 'sent' }), lightSentence({ kind: 'sending' }),
    lightSentence({ kind: 'heldBack', why: 'removalPending', group }), lightSentence({ kind: 'heldBack', why: 'quota', group }),
    lightSentence({ kind: 'heldBack', why: 'oldCopy', group }), lightSentence({ kind: 'unreachable', group }),
    lightSentence({ kind: 'withheld', group }), lightSentence({ kind: 'forked', group }),
  ]
  expect(new Set(lights).size).toBe(lights.length)
  expect(noteState({ kind: 'waiting', seconds: 7 })).toBe('Leaves in 7 seconds.')
})

/** The variants of an enum of the core, as they cross. */
function codesOf(file: string, name: string): string[] {
  const rust = readFileSync(join(source, '..', '..', 'crates', 'client', 'src', file), 'utf8')
  const body = new RegExp(`pub enum ${name} \\{([^]*?)\\n\\}`).exec(rust)?.[1] ?? ''
  return [...body.matchAll(/^ {4}([A-Z]\w*)/gm)].map(([, one = '']) => one.slice(0, 1).toLowerCase() + one.slice(1))
}

test('every code with which the core refuses has its own sentence', () => {
  const codes = codesOf('error.rs', 'ErrorCode')
  expect(codes).toContain('diskFull')
  expect(codes.filter((code) => sentenceFor(code) === en['error.unknown'])).toEqual([])
})

test('everything that an import cannot read has its reason in words', () => {
  const rust = readFileSync(join(source, '..', '..', 'crates', 'archive', 'src', 'import', 'mod.rs'), 'utf8')
  const body = /pub enum Unfit \{([^]*?)\n\}/.exec(rust)?.[1] ?? ''
  const codes = [...body.matchAll(/#\[error\("(\w+)"\)\]/g)].map(([, code = '']) => code)
  expect(codes.length).toBeGreaterThan(5)
  for (const code of codes) expect(en).toHaveProperty([`why.${code}`])
})

test('every alarm and every light that the core knows is known here', () => {
  for (const kind of codesOf('view/group.rs', 'AlarmKind')) expect(en).toHaveProperty([`alarm.${kind}`])
  for (const why of codesOf('view/group.rs', 'HeldWhy')) expect(en).toHaveProperty([`light.heldBack.${why}`])
  for (const kind of codesOf('view/group.rs', 'SyncLight')) {
    if (kind !== 'heldBack') expect(en).toHaveProperty([`light.${kind}`])
  }
})

test('a code without a sentence of its own says the general one, and never nothing', () => {
  expect(sentenceFor('diskFull')).toContain('The disk is full.')
  expect(sentenceFor('neverHeardOf')).toBe(en['error.unknown'])
  expect(sentenceFor('toString')).toBe(en['error.unknown'])
})

test('the help lines are whole: every line has a contact and a source, and none claims to be checked', () => {
  expect(helplines.countries.length).toBeGreaterThan(70)
  for (const country of helplines.countries) {
    expect(country.emergency.length, country.country).toBeGreaterThan(0)
    for (const line of country.lines) {
      expect(line.contacts.length, line.id).toBeGreaterThan(0)
      expect(line.sources.length, line.id).toBeGreaterThan(0)
      expect(line.checked, line.id).toBeNull()
      for (const name of line.sources) expect(helplines.sources, line.id).toHaveProperty(name)
      if ('spans' in line.hours) for (const span of line.hours.spans) expect(daysOf(span.days).length, line.id).toBeGreaterThan(0)
    }
  }
  expect(countryOf('GB')?.lines[0]?.name).toBe('Samaritans')
})

test('a line that closes after midnight is open in the small hours', () => {
  const hours = { tz: 'Europe/Paris', spans: [{ days: 'all', from: '08:00', to: '26:00' }] }
  expect(openUntil(hours, new Date('2026-11-24T00:30:00Z'))).toBe('02:00')
  expect(openUntil(hours, new Date('2026-11-24T03:00:00Z'))).toBeUndefined()
})
