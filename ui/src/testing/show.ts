import { render } from '@testing-library/svelte'
import userEvent, { type UserEvent } from '@testing-library/user-event'
import type { Component } from 'svelte'
import { useHost } from '../core/host'
import { fakeHost, type FakeHost } from '../core/host/fake'
import { loadHome, loadProfile } from '../core/house.svelte'
import { forgetPlaces } from '../core/place.svelte'
import { forgetToasts } from '../core/toast.svelte'

export const now = new Date('2026-11-24T21:40:00')

type Options = Parameters<typeof fakeHost>[0]

/** A played host, and a house that knows what it says. */
export async function settle(options: Options = {}, before?: (host: FakeHost) => void): Promise<FakeHost> {
  const host = fakeHost({ now, ...options })
  useHost(host)
  forgetPlaces()
  forgetToasts()
  before?.(host)
  await loadProfile()
  await loadHome()
  host.calls.length = 0
  return host
}

/** A part on the page, and a hand to use it. */
export function show<Props extends Record<string, unknown>>(part: Component<Props>, props: Props): UserEvent {
  render(part as unknown as Component, { props })
  return userEvent.setup()
}
