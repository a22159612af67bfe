import type * as V from './views'

export type * from './views'

/** A batch of keystrokes that is on the disk. It crosses with a raw body, which the bindings leave out. */
export type Stored = { batch: number }

/** What a refused command answers. */
export type Refusal = { code: string; what: string | null }

/** Something changed, and it is on the disk. */
export type Change = { kind: string; id?: string | null }

export type OnProgress = (progress: V.Progress) => void

/** Bytes of a text, as they cross: raw, never inside an argument object. */
export type Raw = Uint8Array<ArrayBuffer>

/** Everything that the screen may ask of the core and of the shell. */
export interface Host {
  profile(): Promise<V.Profile>
  setLook(look: V.Look): Promise<void>
  strength(passphrase: string): Promise<V.Strength>
  suggestPassphrase(): Promise<string>
  createVault(passphrase: string): Promise<V.NewWords>
  /** Which of the places were typed wrongly. */
  rehearse(words: V.AskedWord[]): Promise<number[]>
  unlock(passphrase: string): Promise<void>
  unlockWithWords(words: string): Promise<void>
  lock(): Promise<void>
  activity(): Promise<void>
  changePassphrase(old: string, fresh: string): Promise<void>
  replaceWords(passphrase: string): Promise<V.NewWords>
  settings(): Promise<V.Settings>
  setSettings(settings: V.Settings): Promise<void>
  damaged(): Promise<V.DamagedRow[]>
  useKeptSlots(): Promise<void>

  today(): Promise<V.Today>
  entries(filter: V.EntryFilter, offset: number, limit: number): Promise<V.EntryPage>
  calendar(month: string): Promise<V.DayMark[]>
  entry(id: string): Promise<V.EntryRow>
  newEntry(): Promise<V.EntryRow>
  setFields(id: string, patch: V.FieldsPatch): Promise<V.EntryRow>
  entryText(id: string): Promise<Raw>
  saveText(id: string, batch: number, update: Raw): Promise<Stored>
  attach(id: string, name: string, type: string, bytes: Raw): Promise<string>
  pastePicture(id: string): Promise<string | null>
  /** The address under which the page may show an attachment. */
  pictureAddress(attachment: string): string
  endSession(id: string): Promise<void>
  versions(id: string): Promise<V.VersionRow[]>
  versionText(id: string, version: string): Promise<string>
  compare(id: string, version: string): Promise<V.ComparedLine[]>
  restoreVersion(id: string, version: string): Promise<void>
  toDrawer(id: string): Promise<void>
  fromDrawer(id: string): Promise<void>
  erase(id: string): Promise<void>
  notThisMemory(id: string, thisYearOnly: boolean): Promise<void>
  find(question: V.Question): Promise<V.Found>
  tags(): Promise<string[]>
  feelings(): Promise<string[]>

  importPreview(path: string): Promise<V.ImportPreview>
  import(path: string, on: OnProgress): Promise<V.Imported>
  cancelImport(): Promise<void>
  export(path: string, format: V.ExportFormat, on: OnProgress): Promise<V.Exported>
  backupStatus(): Promise<V.BackupStatus>
  chooseBackupFolder(path: string, passphrase: string): Promise<void>
  backupNow(on: OnProgress): Promise<V.BackupProof>
  backupFile(path: string, passphrase: string, on: OnProgress): Promise<V.BackupProof>
  proveBackup(path: string, passphrase: string | null, on: OnProgress): Promise<V.BackupProof>
  cancelBackup(): Promise<void>
  restore(path: string, secret: V.RestoreSecret, fresh: string, on: OnProgress): Promise<V.Restored>

  groups(): Promise<V.GroupRow[]>
  group(id: string): Promise<V.GroupView>
  foundGroup(name: string, ownName: string, relay: string, token: string): Promise<V.GroupRow>
  invite(group: string): Promise<string>
  openInvitation(link: string): Promise<V.InvitationView>
  invitation(): Promise<V.InvitationView | null>
  askToJoin(ownName: string): Promise<V.AskedToJoin>
  forgetInvitation(): Promise<void>
  letIn(group: string, request: string, words: string[]): Promise<void>
  turnAway(group: string, request: string): Promise<void>
  makeFacilitator(group: string, member: string): Promise<void>
  removeMember(group: string, member: string): Promise<void>
  leaveGroup(group: string): Promise<void>
  askToComeBack(group: string): Promise<V.AskedToJoin>
  watchNoteRead(group: string): Promise<void>
  feed(group: string): Promise<V.ReflectionView[]>
  /** Shares in ten seconds; the draft that it was written in is spent. */
  share(request: V.ShareRequest, draft: string | null): Promise<string>
  /** Stops one that still waits, and gives its text back; it is a draft again, under the same id. */
  stopSharing(id: string): Promise<string>
  /** What was written for a group and has not left: begun, stopped, or overtaken by a lock. */
  unsent(group: string): Promise<V.Unsent[]>
  /** Keeps what is being written for a group, and answers the draft's id. */
  keepUnsent(draft: string | null, request: V.ShareRequest): Promise<string>
  forgetUnsent(draft: string): Promise<void>
  /** Keeps the unsent words of a box; empty ones are forgotten. */
  keepWords(place: string, words: string): Promise<void>
  keptWords(place: string): Promise<string | null>
  answer(group: string, note: string, text: string): Promise<void>
  react(group: string, note: string, reaction: V.ReactionView, on: boolean): Promise<void>
  correct(group: string, note: string, text: string): Promise<void>
  takeBack(group: string, note: string): Promise<void>
  readUpTo(group: string): Promise<void>
  light(): Promise<V.SyncLight>
  syncNow(): Promise<void>
  alarms(): Promise<V.AlarmView[]>
  dismissAlarm(id: string): Promise<void>

  pickFile(kind: V.FileKind): Promise<string | null>
  pickFolder(): Promise<string | null>
  pickSave(name: string): Promise<string | null>
  openOutside(address: string): Promise<void>
  copyText(text: string): Promise<void>
  printSheet(sheet: V.Sheet): Promise<void>
  /** Opens the journal's window after a vault was made or restored. */
  enter(): Promise<void>
  /** The page has heard that it must give up its words. */
  puttingAway(): Promise<void>
  /** The page holds no words any more. */
  putAway(): Promise<void>

  onChange(heard: (change: Change) => void): Promise<() => void>
  /** The shell is about to close this page: it stores its last words and gives them up. */
  onPutItAway(heard: () => void): Promise<() => void>
}
