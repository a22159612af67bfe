import { host } from './host'
import type { AlarmView, Change, GroupRow, Look, Profile, Settings, SyncLight } from './host/types'

type House = {
  profile: Profile | null
  look: Look
  settings: Settings
  groups: GroupRow[]
  light: SyncLight
  alarms: AlarmView[]
  invitationWaits: boolean
  /** Grows with every change of a kind: who shows it, reads it, and asks anew when it grows. */
  turns: Record<string, number>
}

const house = $state<House>({
  profile: null,
  look: { theme: 'system', size: 18, language: 'en', country: null },
  settings: { lockAfterMin: 5, prompts: true, onThisDay: true, wordsRehearsed: false, backupDaily: false },
  groups: [],
  light: { kind: 'saved' },
  alarms: [],
  invitationWaits: false,
  turns: {},
})

/** What every screen of the open journal may need, kept true by the core's events. */
export function home(): House {
  return house
}

/** A number that grows whenever something of this kind has changed. */
export function turn(...kinds: string[]): number {
  return kinds.reduce((sum, kind) => sum + (house.turns[kind] ?? 0), 0)
}

export async function loadProfile(): Promise<Profile> {
  const profile = await host().profile()
  house.profile = profile
  house.look = profile.look
  house.invitationWaits = profile.invitationWaits
  return profile
}

export async function loadHome(): Promise<void> {
  // One that does not answer keeps nobody from the journal: its event asks again.
  await Promise.allSettled([
    host().settings().then((settings) => { house.settings = settings }),
    host().groups().then((groups) => { house.groups = groups }),
    host().light().then((light) => { house.light = light }),
    host().alarms().then((alarms) => { house.alarms = alarms }),
    // One that was opened before lies in the vault, of which the profile knows nothing while it is locked.
    readInvitation(),
  ])
}

export async function setLook(patch: Partial<Look>): Promise<void> {
  const look = { ...$state.snapshot(house.look), ...patch }
  house.look = look
  await host().setLook(look)
}

export async function setSettings(patch: Partial<Settings>): Promise<void> {
  const settings = { ...$state.snapshot(house.settings), ...patch }
  await host().setSettings(settings)
  house.settings = settings
}

/** Asks again for what has changed; everything else is asked for by the screen that shows it. */
export async function heard(change: Change): Promise<void> {
  if (change.kind === 'groups' || change.kind === 'group') house.groups = await host().groups()
  // An invitation may have come in from outside, as a link.
  if (change.kind === 'groups') await readInvitation()
  if (change.kind === 'light') house.light = await host().light()
  if (change.kind === 'alarms') house.alarms = await host().alarms()
  if (change.kind === 'settings') house.settings = await host().settings()
  house.turns = { ...house.turns, [change.kind]: (house.turns[change.kind] ?? 0) + 1 }
}

export async function readGroups(): Promise<void> {
  house.groups = await host().groups()
}

export async function readAlarms(): Promise<void> {
  house.alarms = await host().alarms()
}

export async function readInvitation(): Promise<void> {
  house.invitationWaits = (await host().invitation()) !== null
}
