import { host } from './host'
import type { ShareRequest } from './host'
import { opened } from './open.svelte'

const pause = 500

/** Something typed that goes to the disk half a second later, and at once when the page is put away. */
class Kept {
  #timer: ReturnType<typeof setTimeout> | undefined
  #busy: Promise<void> = Promise.resolve()
  #owed: (() => Promise<void>) | undefined
  readonly #leave: () => void

  constructor() {
    this.#leave = opened({ close: () => this.flush(), clear: () => undefined })
  }

  /** Does this soon; whatever was to be done before is overtaken by it. */
  soon(act: () => Promise<void>): void {
    this.#owed = act
    this.#timer ??= setTimeout(() => void this.flush().catch(() => undefined), pause)
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const act = this.#owed
    this.#owed = undefined
    // One after the other: the first tells the draft's id that the next needs.
    this.#busy = this.#busy.catch(() => undefined).then(() => act?.())
    try {
      await this.#busy
    } catch (error) {
      // What could not be kept is still owed, unless newer words are: the next pause or the lock tries again.
      this.#owed ??= act
      throw error
    }
  }

  /** Nothing is owed any more, and what is on its way has come to its end. */
  async drop(): Promise<void> {
    this.#forget()
    await this.#busy.catch(() => undefined)
    this.#forget()
  }

  #forget(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#owed = undefined
  }

  close(): void {
    void this.flush().catch(() => undefined)
    this.#leave()
  }
}

/** A reflection that is being written: it outlives a lock and a crash until it is shared or forgotten. */
export class Draft {
  #id: string | null
  readonly #kept = new Kept()

  constructor(id: string | null) {
    this.#id = id
  }

  get id(): string | null {
    return this.#id
  }

  keep(request: ShareRequest): void {
    this.#kept.soon(async () => {
      this.#id = await host().keepUnsent(this.#id, request)
    })
  }

  flush(): Promise<void> {
    return this.#kept.flush()
  }

  /** It was shared, or its words are elsewhere: nothing of it stays. */
  async forget(): Promise<void> {
    await this.#kept.drop()
    const id = this.#id
    this.#id = null
    if (id !== null) await host().forgetUnsent(id)
  }

  /** It was shared, and the core spent it. */
  async spent(): Promise<void> {
    await this.#kept.drop()
    this.#id = null
  }

  close(): void {
    this.#kept.close()
  }
}

/** The words of a box that were not sent: there again when the box is opened again. */
export class BoxWords {
  readonly #place: string
  readonly #kept = new Kept()

  constructor(place: string) {
    this.#place = place
  }

  read(): Promise<string | null> {
    return host().keptWords(this.#place)
  }

  keep(words: string): void {
    this.#kept.soon(() => host().keepWords(this.#place, words))
  }

  async forget(): Promise<void> {
    await this.#kept.drop()
    await host().keepWords(this.#place, '')
  }

  close(): void {
    this.#kept.close()
  }
}
