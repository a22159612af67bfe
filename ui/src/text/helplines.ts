import data from './data/helplines.json'

export type ContactKind = 'phone' | 'text' | 'chat' | 'whatsapp' | 'mail'
export type Contact = { kind: ContactKind; value: string; say?: string }
export type Span = { days: string; from: string; to: string }
export type Hours = { always: true } | { tz: string; spans: Span[] } | { unknown: true; say?: string }
export type Audience =
  | 'anyone' | 'suicide' | 'grief' | 'addiction' | 'alcohol' | 'violence' | 'women' | 'men' | 'young'
  | 'parents' | 'lgbtq' | 'veterans' | 'indigenous' | 'faith' | 'information'
export type Line = {
  id: string
  name: string
  name_en?: string
  contacts: Contact[]
  hours: Hours
  languages: string[]
  for: Audience[]
  cost: string
  area?: string
  note?: string
  sources: string[]
  checked: null
}
export type Country = { country: string; emergency: string[]; note?: string; lines: Line[] }
export type Source = { title: string; date: string }

type Directory = {
  edition: string
  sources: Record<string, Source>
  gaps: string[]
  countries: Country[]
}

/** Built in: it works locked, offline, and on the worst night. */
export const helplines = data as unknown as Directory

export function countryOf(code: string): Country | undefined {
  return helplines.countries.find((one) => one.country === code)
}

const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** The days that a span names, Monday first: `all`, `sat`, `mon-fri`, or several with commas. */
export function daysOf(name: string): number[] {
  if (name === 'all') return [0, 1, 2, 3, 4, 5, 6]
  return name.split(',').flatMap((part) => {
    const [from = '', to = from] = part.trim().split('-')
    const first = week.indexOf(from)
    const last = week.indexOf(to)
    if (first < 0 || last < 0) return []
    const many = (last - first + 7) % 7
    return Array.from({ length: many + 1 }, (_, step) => (first + step) % 7)
  })
}

const minutes = (hour: string): number => {
  const [hours = 0, rest = 0] = hour.split(':').map(Number)
  return hours * 60 + rest
}

/** An hour past midnight, as the clock shows it: 26:00 is 02:00. */
export const clock = (hour: string): string => {
  const [hours = 0, rest = 0] = hour.split(':').map(Number)
  return `${String(hours % 24).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}

/** The hour at which an open line closes, or none while it is closed. */
export function openUntil(hours: { tz: string; spans: Span[] }, now: Date): string | undefined {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: hours.tz, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  }).formatToParts(now)
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? ''
  const day = week.indexOf(part('weekday').toLowerCase().slice(0, 3))
  const at = minutes(`${part('hour')}:${part('minute')}`)
  for (const span of hours.spans) {
    const days = daysOf(span.days)
    const from = minutes(span.from)
    const to = minutes(span.to)
    if (days.includes(day) && at >= from && at < to) return clock(span.to)
    // A span that runs past midnight still holds in the small hours of the next day.
    if (days.includes((day + 6) % 7) && at + 1440 >= from && at + 1440 < to) return clock(span.to)
  }
  return undefined
}
