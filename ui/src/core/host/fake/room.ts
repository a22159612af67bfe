import type { Change } from '../types'

/** What the fake rooms share: a clock, a voice, and refusals on demand. */
export class Room {
  empty: boolean
  /** A command named here is refused with this code. */
  readonly refusals = new Map<string, string>()
  readonly #heard = new Set<(change: Change) => void>()
  readonly #fixed: Date | undefined

  constructor(options: { empty?: boolean; now?: Date } = {}) {
    this.empty = options.empty ?? false
    this.#fixed = options.now
  }

  now(): Date {
    return this.#fixed ?? new Date()
  }

  day(): string {
    const now = this.now()
    return `${String(now.getFullYear())}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`
  }

  refuse(code: string, what: string | null = null): Error {
    return Object.assign(new Error(code), { code, what })
  }

  answer<T>(make: () => T): Promise<T> {
    return new Promise((done, failed) => {
      queueMicrotask(() => {
        try {
          done(make())
        } catch (refused) {
          failed(refused instanceof Error ? refused : this.refuse('unknown'))
        }
      })
    })
  }

  tell(change: Change): void {
    queueMicrotask(() => {
      for (const heard of this.#heard) heard(change)
    })
  }

  listen(heard: (change: Change) => void): () => void {
    this.#heard.add(heard)
    return () => this.#heard.delete(heard)
  }
}
