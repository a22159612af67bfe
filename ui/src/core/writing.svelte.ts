import { mergeUpdates } from 'yjs'
import { host } from './host'
import { codeOf } from './host/refusal'
import type { Raw } from './host/types'

// With the time that the disk takes, a word is safe half a second after it was typed.
const pause = 250
const patience = 2_000
const again = 2_000

export type Mark =
  | { kind: 'nothing' }
  | { kind: 'saving' }
  | { kind: 'saved'; at: Date }
  | { kind: 'notSaved'; code: string }

/**
 * The keystrokes of one entry on their way to the disk, in batches of a quarter of a second.
 *
 * The mark says "saved" only after the core has answered that the batch is on the disk.
 */
export class Writing {
  mark = $state<Mark>({ kind: 'nothing' })
  /** The number of the last batch that is on the disk. */
  stored = $state(0)
  /** Whether there are words that the disk does not have yet. */
  owed = $state(false)

  #entry: string | null
  readonly #create: () => Promise<string>
  #waiting: Raw[] = []
  #batch = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #slow: ReturnType<typeof setTimeout> | undefined
  #busy: Promise<void> | null = null

  /** `create` makes the entry when its first word comes, for a page that was opened empty. */
  constructor(entry: string | null, create: () => Promise<string>) {
    this.#entry = entry
    this.#create = create
  }

  get entry(): string | null {
    return this.#entry
  }

  add(update: Uint8Array): void {
    this.#waiting.push(Uint8Array.from(update))
    this.owed = true
    this.#timer ??= setTimeout(() => void this.flush(), pause)
    this.#slow ??= setTimeout(() => {
      if (this.owed && this.mark.kind !== 'notSaved') this.mark = { kind: 'saving' }
    }, patience)
  }

  /** The entry's id, made now if there is none yet: for a title, a tag or a picture before any word. */
  async ensure(): Promise<string> {
    this.#entry ??= await this.#create()
    return this.#entry
  }

  /** Sends what waits, and comes back when it is on the disk or refused. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    while (this.#busy) await this.#busy
    if (this.#waiting.length === 0) return
    this.#busy = this.#send()
    try {
      await this.#busy
    } finally {
      this.#busy = null
      this.owed = this.#waiting.length > 0
    }
  }

  async #send(): Promise<void> {
    const sent = this.#waiting
    this.#waiting = []
    const update = sent.length === 1 ? (sent[0] as Raw) : Uint8Array.from(mergeUpdates(sent))
    this.#batch += 1
    try {
      const answer = await host().saveText(await this.ensure(), this.#batch, update)
      this.stored = Math.max(this.stored, answer.batch)
      this.#settle({ kind: 'saved', at: new Date() })
    } catch (refused) {
      // Nothing is lost: what was refused goes first again, with whatever was typed meanwhile.
      this.#waiting = [update, ...this.#waiting]
      this.#settle({ kind: 'notSaved', code: codeOf(refused) })
      this.#timer ??= setTimeout(() => void this.flush(), again)
    }
  }

  #settle(mark: Mark): void {
    clearTimeout(this.#slow)
    this.#slow = undefined
    this.mark = mark
  }

  /** Keeps the last words and ends the session, which keeps a version. */
  async close(): Promise<void> {
    await this.flush()
    clearTimeout(this.#timer)
    clearTimeout(this.#slow)
    if (this.#entry !== null && this.#batch > 0) await host().endSession(this.#entry)
  }
}
