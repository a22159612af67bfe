import data from '../../text/data/prompts.json'

export type Prompt = { id: string; depth: 'light' | 'middle' | 'deep'; text: string }

export const prompts = data as Prompt[]

/** The prompts that may be offered at this hour: deep ones only by day. */
export function offered(now: Date): Prompt[] {
  const hour = now.getHours()
  const byDay = hour >= 6 && hour < 21
  return prompts.filter((prompt) => byDay || prompt.depth !== 'deep')
}

/** Another prompt than the one shown; never two deep ones in a row. */
export function another(now: Date, shown: Prompt | undefined, chance: number): Prompt | undefined {
  const may = offered(now).filter(
    (prompt) => prompt.id !== shown?.id && !(shown?.depth === 'deep' && prompt.depth === 'deep'),
  )
  return may[Math.floor(chance * may.length)]
}
