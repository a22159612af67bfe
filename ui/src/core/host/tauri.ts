import { Channel, convertFileSrc, invoke } from '@tauri-apps/api/core'
import { listen } from '@tauri-apps/api/event'
import type { Change, Host, OnProgress, Progress, Raw } from './types'

type Arguments = Record<string, unknown>

const ask = <T>(name: string, given?: Arguments): Promise<T> => invoke<T>(name, given)

// A byte array inside an argument object is silently fifty times slower: bytes cross as the body alone.
const sendBytes = <T>(name: string, body: Raw, headers: Record<string, string>): Promise<T> =>
  invoke<T>(name, body, { headers })

function channel(on: OnProgress): Channel<Progress> {
  const made = new Channel<Progress>()
  made.onmessage = on
  return made
}

const vault = {
  profile: () => ask('profile'),
  setLook: (look) => ask('set_look', { look }),
  strength: (passphrase) => ask('strength', { passphrase }),
  suggestPassphrase: () => ask('suggest_passphrase'),
  createVault: (passphrase) => ask('create_vault', { passphrase }),
  rehearse: (words) => ask('rehearse', { words }),
  unlock: (passphrase) => ask('unlock', { passphrase }),
  unlockWithWords: (words) => ask('unlock_with_words', { words }),
  lock: () => ask('lock'),
  activity: () => ask('activity'),
  changePassphrase: (old, fresh) => ask('change_passphrase', { old, fresh }),
  replaceWords: (passphrase) => ask('replace_words', { passphrase }),
  settings: () => ask('settings'),
  setSettings: (settings) => ask('set_settings', { settings }),
  damaged: () => ask('damaged'),
  useKeptSlots: () => ask('use_kept_slots'),
} satisfies Partial<Host>

const journal = {
  today: () => ask('today'),
  entries: (filter, offset, limit) => ask('entries', { filter, offset, limit }),
  calendar: (month) => ask('calendar', { month }),
  entry: (id) => ask('entry', { id }),
  newEntry: () => ask('new_entry'),
  setFields: (id, patch) => ask('set_fields', { id, patch }),
  entryText: async (id) =>
    new Uint8Array(await invoke<ArrayBuffer>('entry_text', new Uint8Array(), { headers: { entry: id } })),
  saveText: (id, batch, update) => sendBytes('save_text', update, { entry: id, batch: String(batch) }),
  attach: (id, name, type, bytes) =>
    sendBytes('attach', bytes, { entry: id, name: encodeURIComponent(name), type }),
  pastePicture: (id) => ask('paste_picture', { entry: id }),
  pictureAddress: (attachment) => convertFileSrc(attachment, 'sealed'),
  endSession: (id) => ask('end_session', { entry: id }),
  versions: (id) => ask('versions', { id }),
  versionText: (id, version) => ask('version_text', { id, version }),
  compare: (id, version) => ask('compare', { id, version }),
  restoreVersion: (id, version) => ask('restore_version', { id, version }),
  toDrawer: (id) => ask('to_drawer', { id }),
  fromDrawer: (id) => ask('from_drawer', { id }),
  erase: (id) => ask('erase', { id }),
  notThisMemory: (id, thisYearOnly) => ask('not_this_memory', { id, thisYearOnly }),
  find: (question) => ask('find', { question }),
  tags: () => ask('tags'),
  feelings: () => ask('feelings'),
} satisfies Partial<Host>

const archive = {
  importPreview: (path) => ask('import_preview', { path }),
  import: (path, on) => ask('import', { path, progress: channel(on) }),
  cancelImport: () => ask('cancel_import'),
  export: (path, format, on) => ask('export', { path, format, progress: channel(on) }),
  backupStatus: () => ask('backup_status'),
  chooseBackupFolder: (path, passphrase) => ask('choose_backup_folder', { path, passphrase }),
  backupNow: (on) => ask('backup_now', { progress: channel(on) }),
  backupFile: (path, passphrase, on) => ask('backup_file', { path, passphrase, progress: channel(on) }),
  proveBackup: (path, passphrase, on) => ask('prove_backup', { path, passphrase, progress: channel(on) }),
  cancelBackup: () => ask('cancel_backup'),
  restore: (path, secret, fresh, on) =>
    ask('restore', { path, secret, newPassphrase: fresh, progress: channel(on) }),
} satisfies Partial<Host>

const groups = {
  groups: () => ask('groups'),
  group: (id) => ask('group', { id }),
  foundGroup: (name, ownName, relayUrl, token) => ask('found_group', { name, ownName, relayUrl, token }),
  invite: (group) => ask('invite', { group }),
  openInvitation: (link) => ask('open_invitation', { link }),
  invitation: () => ask('invitation'),
  askToJoin: (ownName) => ask('ask_to_join', { ownName }),
  forgetInvitation: () => ask('forget_invitation'),
  letIn: (group, request, words) => ask('let_in', { group, request, words }),
  turnAway: (group, request) => ask('turn_away', { group, request }),
  makeFacilitator: (group, member) => ask('make_facilitator', { group, member }),
  removeMember: (group, member) => ask('remove_member', { group, member }),
  leaveGroup: (group) => ask('leave_group', { group }),
  askToComeBack: (group) => ask('ask_to_come_back', { group }),
  watchNoteRead: (group) => ask('watch_note_read', { group }),
  feed: (group) => ask('feed', { group }),
  share: (request, draft) => ask('share', { request, draft }),
  stopSharing: (id) => ask('stop_sharing', { id }),
  unsent: (group) => ask('unsent', { group }),
  keepUnsent: (draft, request) => ask('keep_unsent', { draft, request }),
  forgetUnsent: (draft) => ask('forget_unsent', { draft }),
  keepWords: (place, words) => ask('keep_words', { place, words }),
  keptWords: (place) => ask('kept_words', { place }),
  answer: (group, note, text) => ask('answer', { group, note, text }),
  react: (group, note, reaction, on) => ask('react', { group, note, reaction, on }),
  correct: (group, note, text) => ask('correct', { group, note, text }),
  takeBack: (group, note) => ask('take_back', { group, note }),
  readUpTo: (group) => ask('read_up_to', { group }),
  light: () => ask('light'),
  syncNow: () => ask('sync_now'),
  alarms: () => ask('alarms'),
  dismissAlarm: (id) => ask('dismiss_alarm', { id }),
} satisfies Partial<Host>

const shell = {
  pickFile: (kind) => ask('pick_file', { kind }),
  pickFolder: () => ask('pick_folder'),
  pickSave: (name) => ask('pick_save', { name }),
  openOutside: async (link) => {
    await ask<boolean>('open_outside', { link })
  },
  copyText: (text) => ask('copy_text', { text }),
  printSheet: (sheet) => ask('print_sheet', { sheet }),
  enter: () => ask('enter'),
  puttingAway: () => ask('putting_away'),
  putAway: () => ask('put_away'),
  onChange: (heard) => listen<Change>('changed', (event) => heard(event.payload)),
  onPutItAway: (heard) => listen('put-it-away', () => heard()),
} satisfies Partial<Host>

/** The real core, across the shell. */
export const tauriHost: Host = { ...vault, ...journal, ...archive, ...groups, ...shell }
