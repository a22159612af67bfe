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
    await this.#busy
  }

  drop(): void {
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
    this.#kept.drop()
    await this.#kept.flush().catch(() => undefined)
    const id = this.#id
    this.#id = null
    if (id !== null) await host().forgetUnsent(id)
  }

  /** It was shared, and the core spent it. */
  spent(): void {
    this.#kept.drop()
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
    this.#kept.drop()
    await host().keepWords(this.#place, '')
  }

  close(): void {
    this.#kept.close()
  }
}
