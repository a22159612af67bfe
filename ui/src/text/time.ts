import { locale, t } from './index.svelte'

type Shape = Intl.DateTimeFormatOptions

const made = new Map<string, Intl.DateTimeFormat>()

function format(date: Date, shape: Shape): string {
  const name = locale() + JSON.stringify(shape)
  let known = made.get(name)
  if (!known) {
    known = new Intl.DateTimeFormat(locale(), shape)
    made.set(name, known)
  }
  return known.format(date)
}

/** A local date as lived, without a zone: it must not move when the traveller does. */
function dayDate(day: string): Date {
  const [year = 1970, month = 1, date = 1] = day.slice(0, 10).split('-').map(Number)
  return new Date(Date.UTC(year, month - 1, date))
}

const utc = { timeZone: 'UTC' } as const

/** Tuesday, 24 November */
export const longDay = (day: string): string =>
  format(dayDate(day), { ...utc, weekday: 'long', day: 'numeric', month: 'long' }).replace(
    /^(\p{L}+) (\d)/u,
    '$1, $2',
  )
/** Tuesday */
export const weekday = (day: string): string => format(dayDate(day), { ...utc, weekday: 'long' })
/** 24 November */
export const dayMonth = (day: string): string => format(dayDate(day), { ...utc, day: 'numeric', month: 'long' })
/** 24 November 2026 */
export const fullDay = (day: string): string =>
  format(dayDate(day), { ...utc, day: 'numeric', month: 'long', year: 'numeric' })
/** 24 Nov 2026 */
export const shortDay = (day: string): string =>
  format(dayDate(day), { ...utc, day: 'numeric', month: 'short', year: 'numeric' })
/** November 2026 */
export const monthYear = (month: string): string =>
  format(dayDate(`${month}-01`), { ...utc, month: 'long', year: 'numeric' })

/** The hour as it stood on the clock where it was lived: the offset is part of the text. */
export function hourOf(at: string): string {
  const found = /T(\d\d):(\d\d)/.exec(at)
  return found ? `${found[1] ?? ''}:${found[2] ?? ''}` : ''
}

/** The hour of now, on this computer's clock. */
export const hourNow = (now: Date): string =>
  format(now, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

/** A moment of the machine's own doing, in the local zone. */
export function moment(at: string): string {
  return format(new Date(at), { day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}

/** The local date of a moment, ISO 8601. */
export function localDay(now: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${String(now.getFullYear())}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

/** Whole days from one local date to another. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((dayDate(to).getTime() - dayDate(from).getTime()) / 86_400_000)

/** Hours betray sleep: in a group a day is told in words, never an hour. */
export function roughDay(day: string, today: string): string {
  const days = daysBetween(day, today)
  if (days <= 0) return t('time.today')
  if (days === 1) return t('time.yesterday')
  if (days < 7) return t('time.on', { day: weekday(day) })
  return dayMonth(day)
}

/** How many years ago a day was, in words. */
export const yearsAgo = (day: string, today: string): string =>
  t('time.yearsAgo', { years: dayDate(today).getUTCFullYear() - dayDate(day).getUTCFullYear() })

export const number = (value: number): string => new Intl.NumberFormat(locale()).format(value)

/** Bytes as a person reads them. */
export function size(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  let at = 0
  let left = bytes
  while (left >= 1000 && at < units.length - 1) {
    left /= 1000
    at += 1
  }
  const unit = units[at] ?? 'byte'
  return new Intl.NumberFormat(locale(), { style: 'unit', unit, maximumFractionDigits: left < 10 ? 1 : 0 }).format(left)
}

/** Names as a list: Noor, Tomasz and Bea. */
export const list = (names: string[]): string =>
  new Intl.ListFormat(locale(), { type: 'conjunction' }).format(names)

/** The Monday-first names of the days. */
export function weekdays(): { short: string; long: string }[] {
  return [4, 5, 6, 7, 8, 9, 10].map((date) => {
    const day = new Date(Date.UTC(2027, 0, date))
    return { short: format(day, { ...utc, weekday: 'narrow' }), long: format(day, { ...utc, weekday: 'long' }) }
  })
}
