const iso = (date: Date): string => date.toISOString().slice(0, 10)

/** The weeks that a month's page shows, Monday first, with the days of its neighbours. */
export function weeksOf(month: string): string[][] {
  const first = new Date(`${month}-01T00:00:00Z`)
  const day = new Date(first)
  day.setUTCDate(1 - ((first.getUTCDay() + 6) % 7))
  const weeks: string[][] = []
  do {
    const week: string[] = []
    for (let at = 0; at < 7; at += 1) {
      week.push(iso(day))
      day.setUTCDate(day.getUTCDate() + 1)
    }
    weeks.push(week)
  } while (iso(day).startsWith(month))
  return weeks
}

/** The month before or after. */
export function monthBeside(month: string, step: number): string {
  const date = new Date(`${month}-01T00:00:00Z`)
  date.setUTCMonth(date.getUTCMonth() + step)
  return iso(date).slice(0, 7)
}
