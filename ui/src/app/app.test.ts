import { screen } from '@testing-library/svelte'
import { afterEach, expect, test, vi } from 'vitest'
import type { Change } from '../core/host'
import { passphrase } from '../core/host/fake'
import { setLook } from '../core/house.svelte'
import { go, place } from '../core/place.svelte'
import { speak } from '../text/index.svelte'
import { now, settle, show } from '../testing/show'
import App from './App.svelte'

afterEach(() => speak('en'))

const open = async (before?: Parameters<typeof settle>[1]): Promise<{ host: Awaited<ReturnType<typeof settle>>; hand: ReturnType<typeof show> }> => {
  const host = await settle({}, before)
  const hand = show(App, { now: () => now })
  await screen.findByRole('navigation', { name: 'Places' })
  return { host, hand }
}

test('every place has its key, and Esc goes one step back', async () => {
  const { hand } = await open()
  await hand.keyboard('{Control>}2{/Control}')
  expect(place().at).toBe('journal')
  await hand.keyboard('{Control>},{/Control}')
  expect(place().at).toBe('settings')
  await hand.keyboard('{F1}')
  expect(place().at).toBe('plan')
  await hand.keyboard('{Escape}')
  expect(place().at).toBe('settings')
  await hand.keyboard('{Control>}5{/Control}')
  expect(place()).toEqual({ at: 'group', group: '7'.repeat(32) })
  await hand.keyboard('{Control>}n{/Control}')
  expect(place().at).toBe('today')
})

test('new words stay until they are written down: help lines lie over them, and no key leads away', async () => {
  const { host, hand } = await open()
  go({ at: 'settings' })
  await hand.click(await screen.findByTestId('open-replace-words'))
  await hand.type(await screen.findByTestId('words-passphrase'), `${passphrase}{Enter}`)
  const words = (await screen.findByTestId('words')).textContent
  for (const keys of ['{Escape}', '{Control>}1{/Control}', '{Control>}n{/Control}', '{Control>}5{/Control}', '{Alt>}{ArrowLeft}{/Alt}']) await hand.keyboard(keys)
  await hand.keyboard('{F1}')
  expect(await screen.findByTestId('country')).toBeVisible()
  await hand.keyboard('{Escape}')
  await vi.waitFor(() => expect(screen.queryByTestId('country')).toBeNull())
  expect(screen.getByTestId('words').textContent).toBe(words)
  expect(place().at).toBe('settings')
  await hand.keyboard('{Control>}l{/Control}')
  expect(host.calls).toContain('lock')
  await hand.click(screen.getByTestId('have-words'))
  await hand.click(screen.getByTestId('try-later'))
  await hand.keyboard('{F1}')
  expect(place().at).toBe('plan')
})

test('Ctrl K finds, with the arrows and Enter, and Esc leaves it', async () => {
  const { hand } = await open()
  await hand.keyboard('{Control>}k{/Control}')
  const field = await screen.findByRole('combobox', { name: 'Find words' })
  await vi.waitFor(() => expect(field).toHaveFocus())
  await hand.type(field, 'bridge')
  expect(await screen.findAllByTestId('hit')).toHaveLength(3)
  expect(document.querySelectorAll('mark').length).toBeGreaterThan(0)
  await hand.keyboard('{ArrowDown}{Enter}')
  expect(place().at).toBe('entry')
})

test('the lock is asked of the shell, and the page gives up its words before it is closed', async () => {
  let ask = (): void => undefined
  const { host, hand } = await open((played) => {
    played.onPutItAway = (heard) => {
      ask = heard
      return Promise.resolve(() => undefined)
    }
  })
  const editor = await screen.findByRole('textbox', { name: 'Write here' })
  expect(editor).toBeVisible()
  await hand.keyboard('{Control>}l{/Control}')
  expect(host.calls).toContain('lock')
  ask()
  await vi.waitFor(() => expect(host.calls).toContain('putAway'))
  expect(host.calls.indexOf('puttingAway')).toBeLessThan(host.calls.indexOf('putAway'))
  expect(editor).not.toBeInTheDocument()
  expect(document.querySelector('[contenteditable]:not(#neutral)')).toBeNull()
  expect(getSelection()?.toString()).not.toMatch(/kitchen|bridge/)
  expect(document.body.textContent.trim()).toBe('Hearthkeep')
})

test('a change of a group that the core tells of is seen in the side bar', async () => {
  let tell: (change: Change) => void = () => undefined
  const { host } = await open((played) => {
    played.onChange = (heard) => {
      tell = heard
      return Promise.resolve(() => undefined)
    }
  })
  for (const view of host.world.groups.values()) if (view.row.name === 'Early table') view.row.unread = true
  tell({ kind: 'groups' })
  await vi.waitFor(() => expect(screen.getByRole('button', { name: /Early table\s*new/ })).toBeVisible())
})

test('a part of the core that does not answer keeps nobody from the journal', async () => {
  await open((played) => played.room.refusals.set('groups', 'groupState'))
  expect(await screen.findByRole('textbox', { name: 'Write here' })).toBeVisible()
})

// What a member wrote, and the played world's own data, are not sentences.
const data = /[\u2068\u2069]|⟦|^[\s\d.,:/•~…-]*$/
const known = ['Thursdays', 'Early table', 'Kas', 'Noor', 'Bea', 'Tomasz', 'Ines', 'Jo', 'Sam']

test.each(['today', 'journal', 'settings', 'backups', 'import', 'export', 'newGroup', 'invitation'] as const)(
  'in the pseudo-language every sentence of %s is marked, and the mirrored page stands',
  async (at) => {
    await open()
    go({ at })
    await setLook({ language: 'pseudo' })
    await vi.waitFor(() => expect(document.querySelector('h1')?.textContent).toMatch(/⟦|November/))
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const plain: string[] = []
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent ?? ''
      const inside = node.parentElement
      const own = inside?.closest('[dir="auto"], .ProseMirror, option, time, table, .it, [aria-live], .num, .path, style, script, kbd') != null
      if (!own && !data.test(text) && !known.includes(text.trim())) plain.push(text.trim())
    }
    expect(plain.filter((text) => !/November|20\d\d|day$/.test(text))).toEqual([])
    await setLook({ language: 'mirror' })
    await vi.waitFor(() => expect(document.documentElement.dir).toBe('rtl'))
  },
)
