export type Toast = { id: number; text: string; action?: { text: string; act: () => void } | undefined }

const life = 10_000
const step = 250

const shown = $state<{ toasts: (Toast & { left: number })[]; hold: boolean }>({ toasts: [], hold: false })
let next = 1
let clock: ReturnType<typeof setInterval> | undefined

export function toasts(): Toast[] {
  return shown.toasts
}

/** Says something below the text for ten seconds, with at most one thing to do about it. */
export function toast(text: string, action?: { text: string; act: () => void }): number {
  const id = next
  next += 1
  const closing = action && {
    text: action.text,
    act: () => {
      forget(id)
      action.act()
    },
  }
  shown.toasts = [...shown.toasts.slice(-1), { id, text, action: closing, left: life }]
  clock ??= setInterval(age, step)
  return id
}

export function forget(id: number): void {
  shown.toasts = shown.toasts.filter((one) => one.id !== id)
}

/** Whoever has gone elsewhere has read what needs no answer. */
export function forgetQuiet(): void {
  shown.toasts = shown.toasts.filter((one) => one.action !== undefined || one.left > life - 2 * step)
}

/** While the pointer or the focus is on one, none goes. */
export function hold(on: boolean): void {
  shown.hold = on
}

export function forgetToasts(): void {
  shown.toasts = []
}

function age(): void {
  if (!shown.hold) {
    shown.toasts = shown.toasts
      .map((one) => ({ ...one, left: one.left - step }))
      .filter((one) => one.left > 0)
  }
  if (shown.toasts.length === 0 && clock !== undefined) {
    clearInterval(clock)
    clock = undefined
  }
}
