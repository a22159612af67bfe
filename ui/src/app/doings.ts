import { home } from '../core/house.svelte'
import { go, type Place } from '../core/place.svelte'
import { t, type Key } from '../text/index.svelte'

type Doing = { id: string; text: string; keys?: string; act: () => void }

const places: [Key, Place, Key?][] = [
  ['place.today', { at: 'today' }],
  ['place.journal', { at: 'journal' }],
  ['place.plan', { at: 'plan' }, 'key.plan'],
  ['place.backups', { at: 'backups' }],
  ['place.settings', { at: 'settings' }],
  ['import.title', { at: 'import' }],
  ['export.title', { at: 'export' }],
  ['journal.drawer', { at: 'journal', drawer: true }],
  ['group.found', { at: 'newGroup' }],
  ['group.haveInvitation', { at: 'invitation' }],
]

/** What can be done from the field of Find: writing, and every place whose name has the words. */
export function doings(words: string, write: () => void): Doing[] {
  const wanted = words.toLowerCase()
  const named = places.map(([name, place, key]) => ({
    id: name,
    text: t(name),
    ...(key ? { keys: t(key) } : {}),
    act: () => go(place),
  }))
  const groups = home().groups.map((group) => ({
    id: group.id,
    text: group.name,
    act: () => go({ at: 'group', group: group.id }),
  }))
  const fitting = [...named, ...groups].filter((one) => wanted !== '' && one.text.toLowerCase().includes(wanted))
  return [...fitting.slice(0, 4), { id: 'write', text: t('find.newEntry'), keys: t('key.write'), act: write }]
}
