// What a screen is given: the same shapes as the core's views, camel case as they cross.

export type ProfileState = 'new' | 'locked' | 'unlocked'
export type Theme = 'system' | 'light' | 'dark' | 'contrastLight' | 'contrastDark'
export type Look = { theme: Theme; size: number; language: string; country: string | null }
export type Profile = {
  state: ProfileState
  look: Look
  invitationWaits: boolean
  slotsDamaged: boolean
}
export type Holds = 'evening' | 'month' | 'tenYears' | 'lifetime'
export type Strength = { holds: Holds; place: number; enough: boolean }
export type NewWords = { words: string[]; ask: number[] }
export type AskedWord = { place: number; word: string }
export type Settings = {
  lockAfterMin: number
  prompts: boolean
  onThisDay: boolean
  wordsRehearsed: boolean
  backupDaily: boolean
}
export type DamagedRow = { table: string; row: string }

export type EntryRow = {
  id: string
  at: string
  day: string
  title: string
  firstLine: string
  tags: string[]
  feelings: string[]
  words: number
  pictures: number
  shared: boolean
  trashed: string | null
}
export type EntryPage = { total: number; offset: number; rows: EntryRow[] }
export type EntryFilter = {
  from: string | null
  to: string | null
  tag: string | null
  feeling: string | null
  shared: boolean
  drawer: boolean
}
export type DayMark = { day: string; entries: number }
export type Today = { day: string; entries: EntryRow[]; onThisDay: EntryRow[]; total: number }
export type FieldsPatch = {
  title: string | null
  tags: string[] | null
  feelings: string[] | null
  at: string | null
}
export type Stored = { batch: number }
export type VersionRow = { id: string; at: string; words: number }
export type LineChange = 'same' | 'then' | 'now'
export type ComparedLine = { change: LineChange; text: string }
export type Question = { words: string; filter: EntryFilter; limit: number }
export type Piece = { text: string; found: boolean }
export type Hit = { entry: EntryRow; line: Piece[] }
export type Found = { total: number; hits: Hit[]; behind: boolean }

export type ImportFormat = 'dayOne' | 'markdown' | 'jrnl'
export type Unreadable = { what: string; why: string }
export type ImportPreview = {
  format: ImportFormat
  entries: number
  known: number
  pictures: number
  days: [string, string] | null
  unreadable: Unreadable[]
}
export type Imported = {
  added: number
  known: number
  pictures: number
  unreadable: Unreadable[]
  cancelled: boolean
}
export type Progress = { done: number; total: number }
export type ExportFormat = 'markdown' | 'json'
export type Exported = { entries: number; pictures: number }
export type BackupProof = {
  name: string
  made: string
  proved: string
  entries: number
  pictures: number
  groups: number
  bytes: number
  damaged: Unreadable[]
}
export type BackupStatus = {
  folder: string | null
  folderThere: boolean
  lastGood: BackupProof | null
  lastError: string | null
  upToDate: boolean
}
export type Restored = {
  entries: number
  pictures: number
  groups: string[]
  words: NewWords
  damaged: Unreadable[]
}

export type RoleView = 'facilitator' | 'member' | 'reader'
export type Standing = 'asking' | 'in' | 'removed' | 'left' | 'away'
export type GroupRow = {
  id: string
  name: string
  standing: Standing
  unread: boolean
  somebodyAsks: boolean
  watchNoteRead: boolean
}
export type MemberRow = { id: string; name: string; role: RoleView; devices: number }
export type RequestRow = {
  id: string
  name: string
  words: string[]
  comesBack: boolean
  linkUsedTwice: boolean
}
export type GroupView = {
  row: GroupRow
  role: RoleView
  me: string
  members: MemberRow[]
  requests: RequestRow[]
  checkWords: string[]
  relay: string
}
export type InvitationView = { relay: string; until: string; expired: boolean }
export type AskedToJoin = { group: string; words: string[] }
export type WishView = 'justListen' | 'howWasItForYou' | 'askMe' | 'adviceIsWelcome' | 'pleaseCallMe'
export type ReactionView = 'heard' | 'with' | 'meToo' | 'candle' | 'thanks'
export type ContentNoteKind =
  | 'suicide'
  | 'selfHarm'
  | 'death'
  | 'lossOfChild'
  | 'violence'
  | 'violenceAtHome'
  | 'sexualViolence'
  | 'childhoodHarm'
  | 'substances'
  | 'gambling'
  | 'body'
  | 'illness'
  | 'panic'
  | 'faith'
  | 'hate'
  | 'animals'
export type ContentNoteView = { kind: ContentNoteKind } | { kind: 'own'; words: string }
export type ShareRequest = {
  group: string
  text: string
  audience: string[]
  wish: WishView
  contentNotes: ContentNoteView[]
  entry: string | null
  shareable: boolean
}
export type NoteState =
  | { kind: 'waiting'; seconds: number }
  | { kind: 'outbox' }
  | { kind: 'there' }
  | { kind: 'takenBack' }
  | { kind: 'newer' }
export type ReactionRow = { member: string; name: string; reaction: ReactionView }
export type AnswerView = {
  id: string
  author: string
  authorName: string
  mine: boolean
  day: string
  text: string
  corrected: boolean
}
export type ReflectionView = {
  id: string
  author: string
  authorName: string
  mine: boolean
  day: string
  text: string
  wish: WishView
  contentNotes: ContentNoteView[]
  readers: string[]
  corrected: boolean
  state: NoteState
  reactions: ReactionRow[]
  answers: AnswerView[]
  mayAnswer: number | null
  mayReact: ReactionView[]
  removedBy: string[]
  removalAsked: number
}
export type HeldWhy = 'removalPending' | 'quota' | 'oldCopy'
export type SyncLight =
  | { kind: 'saved' }
  | { kind: 'sent' }
  | { kind: 'sending' }
  | { kind: 'heldBack'; why: HeldWhy; group: string }
  | { kind: 'unreachable'; group: string }
  | { kind: 'withheld'; group: string }
  | { kind: 'forked'; group: string }
export type AlarmKind =
  | 'gap'
  | 'withheld'
  | 'relayFork'
  | 'equivocation'
  | 'signature'
  | 'commitment'
  | 'role'
  | 'commitRefused'
  | 'malformed'
  | 'linkUsedTwice'
  | 'beyondCut'
export type AlarmView = { id: string; group: string; kind: AlarmKind; member: string | null; at: string }
