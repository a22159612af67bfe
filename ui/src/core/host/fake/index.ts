import type { BackupProof, Host, NewWords, Profile, Settings } from '../types'
import { fakeGroups, social, type Social } from './groups'
import { fakeJournal } from './journal'
import { Room } from './room'

const recovery = (
  'orchard lantern copper winter blanket gravel seldom pigeon absorb ladder velvet harbor ' +
  'onion meadow canvas thunder pepper island kettle willow garden marble silver anchor'
).split(' ')

export const passphrase = 'heron sevenfold ditch ladle moss'

export type FakeHost = Host & { room: Room; world: Social; calls: string[] }

type Options = { state?: Profile['state']; empty?: boolean; now?: Date }

/** The core and the shell, played in memory: for unit tests and for trying a screen without them. */
export function fakeHost(options: Options = {}): FakeHost {
  const room = new Room(options)
  const world = social(room)
  const calls: string[] = []
  const whole = {
    ...fakeVault(room, world, options.state ?? 'unlocked'),
    ...fakeJournal(room),
    ...fakeArchive(room),
    ...fakeGroups(room, world),
    ...fakeShell(room),
  } as Host
  for (const [name, command] of Object.entries(whole) as [keyof Host, (...given: unknown[]) => unknown][]) {
    if (name.startsWith('on') || name === 'pictureAddress') continue
    Object.assign(whole, {
      [name]: (...given: unknown[]) => {
        calls.push(name)
        const code = room.refusals.get(name)
        return code === undefined ? command(...given) : Promise.reject(room.refuse(code))
      },
    })
  }
  return Object.assign(whole, { room, world, calls })
}

function fakeVault(room: Room, world: Social, state: Profile['state']): Partial<Host> {
  const words: NewWords = { words: recovery, ask: [5, 11, 20] }
  let right = passphrase
  let settings: Settings = { lockAfterMin: 5, prompts: true, onThisDay: true, wordsRehearsed: true, backupDaily: true }
  const profile: Profile = {
    state, look: { theme: 'system', size: 18, language: 'en', country: null }, invitationWaits: false, slotsDamaged: false,
  }
  return {
    profile: () => room.answer(() => ({ ...profile, invitationWaits: world.invitation !== null })),
    setLook: (look) => room.answer(() => { profile.look = look }),
    strength: (text) => room.answer(() => {
      const many = text.split(/\s+/).filter((word) => word.length > 2).length
      const place = Math.min(1, many / 6)
      const holds = many < 2 ? 'evening' : many < 3 ? 'month' : many < 5 ? 'tenYears' : 'lifetime'
      return { holds, place, enough: text.length >= 8 }
    }),
    suggestPassphrase: () => room.answer(() => passphrase),
    createVault: (text) => room.answer(() => { right = text; return words }),
    rehearse: (typed) => room.answer(() => typed.filter((one) => recovery[one.place - 1] !== one.word.trim()).map((one) => one.place)),
    unlock: (text) => room.answer(() => { if (text !== right) throw room.refuse('wrongPassphrase') }),
    unlockWithWords: (text) => room.answer(() => {
      const typed = text.trim().split(/\s+/)
      if (typed.length !== 24) throw room.refuse('wordCount', String(typed.length))
      if (typed.join(' ') !== recovery.join(' ')) throw room.refuse('wrongWords')
    }),
    lock: () => room.answer(() => undefined),
    activity: () => room.answer(() => undefined),
    changePassphrase: (old, fresh) => room.answer(() => {
      if (old !== right) throw room.refuse('wrongPassphrase')
      right = fresh
    }),
    replaceWords: (text) => room.answer(() => {
      if (text !== right) throw room.refuse('wrongPassphrase')
      return words
    }),
    settings: () => room.answer(() => ({ ...settings })),
    setSettings: (given) => room.answer(() => { settings = given; room.tell({ kind: 'settings' }) }),
    damaged: () => room.answer(() => []),
    useKeptSlots: () => room.answer(() => undefined),
  }
}

function fakeArchive(room: Room): Partial<Host> {
  const proof: BackupProof = {
    name: 'hearthkeep-2026-11-21.tar.gz.age', made: '2026-11-21T22:04:00Z', proved: '2026-11-21T22:05:00Z',
    entries: 1204, pictures: 38, groups: 2, bytes: 64_000_000, damaged: [],
  }
  let folder: string | null = room.empty ? null : '/media/blue-stick/hearthkeep'
  return {
    importPreview: () => room.answer(() => ({
      format: 'dayOne', entries: 412, known: 0, pictures: 60, days: ['2025-11-02', '2026-11-20'],
      unreadable: [{ what: '2026-02-14 “Snow”', why: 'not_an_entry' }],
    })),
    import: (_path, on) => room.answer(() => {
      on({ counted: 'things', done: 412, total: 412 })
      return { added: 412, known: 0, pictures: 60, unreadable: [{ what: '2026-02-14 “Snow”', why: 'not_an_entry' }], cancelled: false }
    }),
    cancelImport: () => room.answer(() => undefined),
    export: () => room.answer(() => ({ entries: 1204, pictures: 38 })),
    backupStatus: () => room.answer(() => ({
      folder, folderThere: true, lastGood: folder === null ? null : proof, lastError: null, upToDate: folder !== null,
    })),
    chooseBackupFolder: (path) => room.answer(() => { folder = path; room.tell({ kind: 'backup' }) }),
    backupNow: (on) => room.answer(() => { on({ counted: 'things', done: 1204, total: 1204 }); return proof }),
    backupFile: (path, _passphrase, on) => room.answer(() => { on({ counted: 'things', done: 1204, total: 1204 }); return { ...proof, name: path } }),
    proveBackup: (path) => room.answer(() => ({ ...proof, name: path })),
    cancelBackup: () => room.answer(() => undefined),
    restore: (_path, secret) => room.answer(() => {
      if (secret.text === 'wrong') throw room.refuse('wrongBackupSecret')
      return { entries: 1204, pictures: 38, groups: ['Thursdays'], words: { words: recovery, ask: [5, 11, 20] }, damaged: [] }
    }),
  }
}

function fakeShell(room: Room): Partial<Host> {
  const nothing = (): Promise<void> => room.answer(() => undefined)
  return {
    pickFile: () => room.answer(() => '/home/kas/chosen.zip'),
    pickFolder: () => room.answer(() => '/media/blue-stick/hearthkeep'),
    pickSave: (name) => room.answer(() => `/home/kas/${name}`),
    openOutside: nothing, copyText: nothing, printSheet: nothing, enter: nothing, puttingAway: nothing, putAway: nothing,
    onChange: (heard) => room.answer(() => room.listen(heard)),
    onPutItAway: () => room.answer(() => () => undefined),
  }
}
