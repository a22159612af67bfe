import { alarms } from './alarms'
import { archive } from './archive'
import { common } from './common'
import { errors } from './errors'
import { group } from './group'
import { help } from './help'
import { journal } from './journal'
import { lock } from './lock'
import { settings } from './settings'
import { share } from './share'

/** Every sentence that a member reads, in English. */
export const en = {
  ...common,
  ...lock,
  ...journal,
  ...archive,
  ...group,
  ...share,
  ...settings,
  ...help,
  ...alarms,
  ...errors,
} as const
