import { useHost } from '../core/host'
import { tauriHost } from '../core/host/tauri'

/** Chooses who answers. Only a build in mode `fake` carries the fake host. */
export async function chooseHost(): Promise<void> {
  if (import.meta.env.MODE === 'fake') {
    const { fakeHost } = await import('../core/host/fake')
    const asked = new URLSearchParams(location.search)
    const state = asked.get('state')
    useHost(
      fakeHost({
        empty: asked.has('empty'),
        state: state === 'new' || state === 'locked' ? state : 'unlocked',
        now: new Date('2026-11-24T21:40:00'),
      }),
    )
    return
  }
  useHost(tauriHost)
}
