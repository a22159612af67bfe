import type { AlarmView, GroupView, Host, InvitationView, ReflectionView, Unsent } from '../types'
import type { Room } from './room'
import { earlyTable, sampleFeed, sampleGroup, thursdays } from './sample'

export type Social = {
  groups: Map<string, GroupView>
  feed: ReflectionView[]
  alarms: AlarmView[]
  invitation: InvitationView | null
  unsent: Unsent[]
  boxes: Map<string, string>
}

export function social(room: Room): Social {
  const groups = new Map<string, GroupView>()
  if (!room.empty) {
    groups.set(thursdays.id, sampleGroup({ ...thursdays }))
    groups.set(earlyTable.id, sampleGroup({ ...earlyTable }))
  }
  return { groups, feed: room.empty ? [] : sampleFeed(room.now()), alarms: [], invitation: null, unsent: [], boxes: new Map() }
}

export function fakeGroups(room: Room, world: Social): Partial<Host> {
  const get = (id: string): GroupView => {
    const found = world.groups.get(id)
    if (!found) throw room.refuse('noSuchNote')
    return found
  }
  const told = (id: string): void => room.tell({ kind: 'group', id })
  return {
    ...doors(room, world, get, told),
    groups: () => room.answer(() => [...world.groups.values()].map((one) => ({ ...one.row }))),
    group: (id) => room.answer(() => structuredClone(get(id))),
    makeFacilitator: (group, member) => room.answer(() => {
      for (const one of get(group).members) if (one.id === member) one.role = 'facilitator'
      told(group)
    }),
    removeMember: (group, member) => room.answer(() => {
      const view = get(group)
      view.members = view.members.filter((one) => one.id !== member)
      told(group)
    }),
    leaveGroup: (group) => room.answer(() => {
      const view = get(group)
      if (view.members.length > 1) view.going = 'soon'
      else view.row.standing = 'left'
      told(group)
    }),
    askToComeBack: (group) => room.answer(() => ({ group, words: get(group).checkWords.slice(0, 8) })),
    watchNoteRead: (group) => room.answer(() => { get(group).row.watchNoteRead = true; told(group) }),
    readUpTo: (group) => room.answer(() => {
      if (!get(group).row.unread) return
      get(group).row.unread = false
      told(group)
    }),
    ...words(room, world, told),
    light: () => room.answer(() => (world.groups.size > 0 ? { kind: 'sent' } : { kind: 'saved' })),
    syncNow: () => room.answer(() => undefined),
    alarms: () => room.answer(() => structuredClone(world.alarms)),
    dismissAlarm: (id) => room.answer(() => {
      world.alarms = world.alarms.filter((one) => one.id !== id)
      room.tell({ kind: 'alarms' })
    }),
  }
}

function doors(room: Room, world: Social, get: (id: string) => GroupView, told: (id: string) => void): Partial<Host> {
  return {
    foundGroup: (name, ownName, relay) => room.answer(() => {
      const id = crypto.randomUUID().replaceAll('-', '')
      const row = { ...thursdays, id, name, unread: false, somebodyAsks: false, watchNoteRead: false, trusted: true }
      world.groups.set(id, {
        ...sampleGroup(row), relay, requests: [], members: [{ id: 'kas', name: ownName, role: 'facilitator', devices: 1 }],
      })
      told(id)
      return row
    }),
    invite: (group) => room.answer(() => {
      get(group)
      return 'hearthkeep://join#v1.k3mX2fQ9tWb7cR5yLpZsVn8dGhJqTuAe4iO0xYwB6rM1'
    }),
    openInvitation: (link) => room.answer(() => {
      if (!link.startsWith('hearthkeep://join#')) throw room.refuse('notAnInvitation')
      world.invitation = { relay: 'https://relay.thursdays.example', until: '2026-12-08T20:00:00Z', expired: false }
      return world.invitation
    }),
    invitation: () => room.answer(() => world.invitation),
    askToJoin: () => room.answer(() => {
      world.invitation = null
      return { group: thursdays.id, words: ['lantern', 'gravel', 'orchid', 'seldom', 'copper', 'winter', 'pigeon', 'absorb'] }
    }),
    forgetInvitation: () => room.answer(() => { world.invitation = null }),
    letIn: (group, request, words) => room.answer(() => {
      const view = get(group)
      const asks = view.requests.find((one) => one.id === request)
      if (asks?.words.join(' ') !== words.join(' ')) throw room.refuse('otherWords')
      view.requests = view.requests.filter((one) => one.id !== request)
      view.members.push({ id: asks.name.toLowerCase(), name: asks.name, role: 'member', devices: 1 })
      view.row.somebodyAsks = false
      told(group)
    }),
    turnAway: (group, request) => room.answer(() => {
      const view = get(group)
      view.requests = view.requests.filter((one) => one.id !== request)
      view.row.somebodyAsks = false
      told(group)
    }),
  }
}

function words(room: Room, world: Social, told: (id: string) => void): Partial<Host> {
  const find = (id: string): ReflectionView => {
    const found = world.feed.find((one) => one.id === id)
    if (!found) throw room.refuse('noSuchNote')
    return found
  }
  return {
    feed: () => room.answer(() => structuredClone(world.feed)),
    share: (request, draft) => room.answer(() => {
      const id = crypto.randomUUID()
      world.unsent = [...world.unsent.filter((one) => one.id !== draft), { id, request }]
      world.feed = [
        {
          id, author: 'kas', authorName: 'Kas', mine: true, day: room.day(), text: request.text, wish: request.wish,
          contentNotes: request.contentNotes, readers: request.audience, corrected: false, state: { kind: 'waiting', seconds: 10 },
          reactions: [], answers: [], mayAnswer: null, mayReact: [], removedBy: [], removalAsked: 0,
        },
        ...world.feed,
      ]
      told(request.group)
      return id
    }),
    stopSharing: (id) => room.answer(() => {
      const { text } = find(id)
      world.feed = world.feed.filter((one) => one.id !== id)
      return text
    }),
    ...drafts(room, world),
    answer: (group, note, text) => room.answer(() => {
      find(note).answers.push({ id: crypto.randomUUID(), author: 'kas', authorName: 'Kas', mine: true, day: room.day(), text, corrected: false, waits: false })
      told(group)
    }),
    react: (group, note, reaction, on) => room.answer(() => {
      const one = find(note)
      one.reactions = one.reactions.filter((given) => !(given.member === 'kas' && given.reaction === reaction))
      if (on) one.reactions.push({ member: 'kas', name: 'Kas', reaction })
      told(group)
    }),
    correct: (group, note, text) => room.answer(() => {
      const one = world.feed.find((given) => given.id === note)
      const answer = world.feed.flatMap((given) => given.answers).find((given) => given.id === note)
      const target = one ?? answer
      if (!target) throw room.refuse('noSuchNote')
      target.text = text
      target.corrected = true
      told(group)
    }),
    takeBack: (group, note) => room.answer(() => {
      Object.assign(find(note), { state: { kind: 'takenBack' }, text: '', answers: [], removedBy: ['Noor'], removalAsked: 3 })
      told(group)
    }),
  }
}

function drafts(room: Room, world: Social): Partial<Host> {
  const waits = (id: string): boolean => world.feed.some((one) => one.id === id)
  return {
    unsent: (group) => room.answer(() => structuredClone(world.unsent.filter((one) => ['', group].includes(one.request.group) && !waits(one.id)))),
    keepUnsent: (draft, request) => room.answer(() => {
      const id = draft ?? crypto.randomUUID()
      world.unsent = [...world.unsent.filter((one) => one.id !== id), { id, request: structuredClone(request) }]
      return id
    }),
    forgetUnsent: (draft) => room.answer(() => {
      world.unsent = world.unsent.filter((one) => one.id !== draft)
    }),
    keepWords: (place, words) => room.answer(() => {
      if (words === '') world.boxes.delete(place)
      else world.boxes.set(place, words)
    }),
    keptWords: (place) => room.answer(() => world.boxes.get(place) ?? null),
  }
}
