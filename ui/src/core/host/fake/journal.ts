import * as Y from 'yjs'
import type { EntryFilter, EntryRow, Host, VersionRow } from '../types'
import { memoryOf, sampleEntries, type Sample } from './sample'
import type { Room } from './room'

type Kept = Sample & { update: Uint8Array }

/** Entries in memory: enough of the core's manners for a screen to be tried without it. */
export function fakeJournal(room: Room): Partial<Host> {
  const kept = new Map<string, Kept>()
  for (const sample of room.empty ? [] : [...sampleEntries(room.now()), memoryOf(room.now())]) {
    kept.set(sample.row.id, { ...sample, update: updateOf(sample.text) })
  }
  const get = (id: string): Kept => {
    const found = kept.get(id)
    if (!found) throw room.refuse('notThere')
    return found
  }
  const rows = (): EntryRow[] =>
    [...kept.values()].map((one) => one.row).sort((a, b) => b.at.localeCompare(a.at))
  const change = (): void => room.tell({ kind: 'entries' })

  return {
    ...texts(room, get, change),
    ...finding(room, kept),
    today: () => room.answer(() => {
      const day = room.day()
      const living = rows().filter((row) => row.trashed === null)
      return {
        day,
        entries: living.filter((row) => row.day === day),
        onThisDay: living.filter((row) => row.day.slice(5) === day.slice(5) && row.day !== day),
        total: living.length,
      }
    }),
    entries: (filter, offset, limit) => room.answer(() => {
      const fitting = rows().filter((row) => fits(row, filter))
      return { total: fitting.length, offset, rows: fitting.slice(offset, offset + limit) }
    }),
    calendar: (month) => room.answer(() => {
      const days = new Map<string, number>()
      for (const row of rows()) {
        if (row.day.startsWith(month) && row.trashed === null) days.set(row.day, (days.get(row.day) ?? 0) + 1)
      }
      return [...days].map(([day, entries]) => ({ day, entries }))
    }),
    entry: (id) => room.answer(() => get(id).row),
    newEntry: () => room.answer(() => {
      const id = crypto.randomUUID().replaceAll('-', '')
      const at = `${room.day()}T${room.now().toTimeString().slice(0, 8)}+00:00`
      const row: EntryRow = {
        id, at, day: room.day(), title: '', firstLine: '', tags: [], feelings: [], words: 0, pictures: 0, shared: false, trashed: null,
      }
      kept.set(id, { row, text: '', update: Y.encodeStateAsUpdate(new Y.Doc()) })
      change()
      return row
    }),
    setFields: (id, patch) => room.answer(() => {
      const one = get(id)
      const set = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== null))
      one.row = { ...one.row, ...set }
      if (patch.at !== null) one.row.day = patch.at.slice(0, 10)
      change()
      return one.row
    }),
    toDrawer: (id) => room.answer(() => { get(id).row.trashed = room.now().toISOString(); change() }),
    fromDrawer: (id) => room.answer(() => { get(id).row.trashed = null; change() }),
    erase: (id) => room.answer(() => { kept.delete(id); change() }),
    notThisMemory: (id) => room.answer(() => { kept.delete(id); change() }),
    tags: () => room.answer(() => [...new Set(rows().flatMap((row) => row.tags))].sort()),
    feelings: () => room.answer(() => [...new Set(rows().flatMap((row) => row.feelings))].sort()),
  }
}

function finding(room: Room, kept: Map<string, Kept>): Partial<Host> {
  return {
    find: (question) => room.answer(() => {
      const words = question.words.toLowerCase()
      const found = [...kept.values()]
        .filter((one) => fits(one.row, question.filter) && `${one.row.title}\n${one.text}`.toLowerCase().includes(words))
        .sort((a, b) => b.row.at.localeCompare(a.row.at))
      return {
        total: found.length,
        behind: false,
        hits: found.slice(0, question.limit).map((one) => ({ entry: one.row, line: piecesOf(one.text, words) })),
      }
    }),
  }
}

function texts(room: Room, get: (id: string) => Kept, change: () => void): Partial<Host> {
  const versions = (id: string): VersionRow[] => {
    const { row } = get(id)
    return [
      { id: 'v2', at: row.at.replace(/T\d\d:\d\d/, 'T23:20'), words: row.words + 58 },
      { id: 'v1', at: row.at, words: Math.min(31, row.words) },
    ]
  }
  return {
    entryText: (id) => room.answer(() => Uint8Array.from(get(id).update)),
    saveText: (id, batch, update) => room.answer(() => {
      const one = get(id)
      one.update = Y.mergeUpdates([one.update, update])
      const doc = new Y.Doc()
      Y.applyUpdate(doc, one.update)
      one.text = doc.getText('t').toJSON()
      one.row = { ...one.row, firstLine: one.text.split('\n')[0] ?? '', words: one.text.split(/\s+/).filter(Boolean).length }
      change()
      return { batch }
    }),
    attach: () => room.answer(() => 'b'.repeat(32)),
    pastePicture: () => room.answer(() => null),
    pictureAddress: (id) => `sealed://localhost/${id}`,
    endSession: () => room.answer(() => undefined),
    versions: (id) => room.answer(() => versions(id)),
    versionText: (id) => room.answer(() => get(id).text),
    compare: (id) => room.answer(() => [
      { change: 'same', text: get(id).row.firstLine },
      { change: 'then', text: 'I got off two stops early like a coward.' },
      { change: 'now', text: 'I got off two stops early because the next one is outside the shop.' },
    ]),
    restoreVersion: () => room.answer(() => change()),
  }
}

function fits(row: EntryRow, filter: EntryFilter): boolean {
  return (
    (row.trashed !== null) === filter.drawer &&
    (filter.from === null || row.day >= filter.from) &&
    (filter.to === null || row.day <= filter.to) &&
    (filter.tag === null || row.tags.includes(filter.tag)) &&
    (filter.feeling === null || row.feelings.includes(filter.feeling)) &&
    (!filter.shared || row.shared)
  )
}

function piecesOf(text: string, words: string): { text: string; found: boolean }[] {
  const line = text.split('\n').find((one) => one.toLowerCase().includes(words)) ?? text.split('\n')[0] ?? ''
  const at = words === '' ? -1 : line.toLowerCase().indexOf(words)
  if (at < 0) return [{ text: line.slice(0, 90), found: false }]
  return [
    { text: line.slice(Math.max(0, at - 40), at), found: false },
    { text: line.slice(at, at + words.length), found: true },
    { text: line.slice(at + words.length, at + words.length + 50), found: false },
  ]
}

function updateOf(text: string): Uint8Array {
  const doc = new Y.Doc()
  doc.getText('t').insert(0, `${text}\n`)
  return Y.encodeStateAsUpdate(doc)
}
