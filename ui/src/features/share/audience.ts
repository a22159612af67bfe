import type { ContentNoteView, GroupView, MemberRow } from '../../core/host'

/** So many people at most can be chosen one by one: each gets a key of their own. */
export const mostPeople = 20
export const mostNotes = 3

/** Everybody but oneself. */
export const others = (group: GroupView): MemberRow[] => group.members.filter((member) => member.id !== group.me)

export type Audience = { everybody: boolean; people: string[] }

/** How many people will read it. */
export const readersOf = (group: GroupView, audience: Audience): number =>
  audience.everybody ? others(group).length : audience.people.length

/** Why it cannot be shared yet; none when it can. */
export type Waits = 'group' | 'alone' | 'who' | 'fewer' | 'words'

export function waitsFor(group: GroupView | null, audience: Audience, words: boolean): Waits | undefined {
  if (!group) return 'group'
  if (others(group).length === 0) return 'alone'
  if (readersOf(group, audience) === 0) return 'who'
  if (!audience.everybody && audience.people.length > mostPeople) return 'fewer'
  return words ? undefined : 'words'
}

export function withNote(notes: ContentNoteView[], note: ContentNoteView): ContentNoteView[] {
  const there = notes.some((one) => same(one, note))
  if (there) return notes.filter((one) => !same(one, note))
  return notes.length >= mostNotes ? notes : [...notes, note]
}

const same = (a: ContentNoteView, b: ContentNoteView): boolean =>
  a.kind === b.kind && (a.kind !== 'own' || b.kind !== 'own' || a.words === b.words)
