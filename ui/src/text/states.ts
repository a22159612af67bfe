import type {
  AlarmView,
  ContentNoteView,
  DamagedRow,
  NoteState,
  ReactionView,
  SyncLight,
  WishView,
} from '../core/host/types'
import { t, type Key } from './index.svelte'
import { fullDay } from './time'

const never = (value: never): string => String(value)

/** The one light, in words. Every state has its sentence: a new one does not compile without. */
export function lightSentence(light: SyncLight): string {
  switch (light.kind) {
    case 'saved':
      return t('light.saved')
    case 'sent':
      return t('light.sent')
    case 'sending':
      return t('light.sending')
    case 'heldBack':
      switch (light.why) {
        case 'removalPending':
          return t('light.heldBack.removalPending')
        case 'quota':
          return t('light.heldBack.quota')
        case 'oldCopy':
          return t('light.heldBack.oldCopy')
        default:
          return never(light.why)
      }
    case 'unreachable':
      return t('light.unreachable')
    case 'withheld':
      return t('light.withheld')
    case 'forked':
      return t('light.forked')
    default:
      return never(light)
  }
}

/** What was found, in words. */
export function alarmSentence(alarm: AlarmView): string {
  const member = alarm.member ?? t('alarm.somebody')
  switch (alarm.kind) {
    case 'gap':
      return t('alarm.gap', { member })
    case 'withheld':
      return t('alarm.withheld')
    case 'relayFork':
      return t('alarm.relayFork')
    case 'equivocation':
      return t('alarm.equivocation', { member })
    case 'signature':
      return t('alarm.signature', { member })
    case 'commitment':
      return t('alarm.commitment')
    case 'role':
      return t('alarm.role', { member })
    case 'commitRefused':
      return t('alarm.commitRefused')
    case 'malformed':
      return t('alarm.malformed')
    case 'linkUsedTwice':
      return t('alarm.linkUsedTwice')
    case 'beyondCut':
      return t('alarm.beyondCut', { member })
    default:
      return never(alarm.kind)
  }
}

/** What could not be opened, by the name that a person knows it by. */
export function damageSentence({ table, entry }: DamagedRow): string {
  if (entry) {
    const name = entry.title || entry.firstLine || t('journal.noTitle')
    return t('journal.damagedEntry', { name, day: fullDay(entry.day) })
  }
  switch (table) {
    case 'Entry':
      return t('journal.damagedOf.entry')
    case 'Page':
      return t('journal.damagedOf.list')
    case 'Version':
    case 'VersionHead':
      return t('journal.damagedOf.version')
    case 'Attachment':
      return t('journal.damagedOf.picture')
    case 'GroupState':
    case 'GroupRecord':
    case 'GroupMeta':
    case 'ContentKey':
    case 'Outbox':
    case 'Cursor':
    case 'Draft':
    case 'Quarantine':
      return t('journal.damagedOf.group')
    default:
      return t('journal.damagedOf.other')
  }
}

export const wishes: readonly WishView[] = ['justListen', 'howWasItForYou', 'askMe', 'adviceIsWelcome', 'pleaseCallMe']
export const reactions: readonly ReactionView[] = ['heard', 'with', 'meToo', 'candle', 'thanks']

export const wishName = (wish: WishView): string => t(`wish.${wish}`)
export const wishReads = (wish: WishView, name: string): string => t(`wish.${wish}.reads`, { name })
export const reactionSaid = (reaction: ReactionView): string => t(`reaction.${reaction}.said`)
export const reactionName = (reaction: ReactionView): string => t(`reaction.${reaction}`)

export const contentKinds = [
  'suicide', 'selfHarm', 'death', 'lossOfChild', 'violence', 'violenceAtHome', 'sexualViolence', 'childhoodHarm',
  'substances', 'gambling', 'body', 'illness', 'panic', 'faith', 'hate', 'animals',
] as const satisfies readonly Exclude<ContentNoteView['kind'], 'own'>[]

export function contentNote(note: ContentNoteView): string {
  return note.kind === 'own' ? note.words : t(`contentNote.${note.kind}`)
}

/** What has become of a note, where that needs words. */
export function noteState(state: NoteState): string | undefined {
  switch (state.kind) {
    case 'waiting':
      return t('note.waiting', { seconds: state.seconds })
    case 'outbox':
      return t('note.outbox')
    case 'there':
      return undefined
    case 'takenBack':
      return t('note.takenBackOwn')
    case 'notTakenBack':
      return t(state.perhaps ? 'note.perhapsTakenBack' : 'note.notTakenBack')
    case 'newer':
      return t('note.newer')
    default:
      return never(state)
  }
}

export type { Key }
