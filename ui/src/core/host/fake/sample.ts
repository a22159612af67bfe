import type { EntryRow, GroupRow, GroupView, ReflectionView } from '../types'

/** An entry of the sample journal, with its words. */
export type Sample = { row: EntryRow; text: string }

const day = (back: number, now: Date): string => {
  const date = new Date(now.getTime() - back * 86_400_000)
  return `${String(date.getFullYear())}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`
}

type Told = [back: number, hour: string, title: string, text: string, tags?: string[], feelings?: string[], shared?: boolean]

const told: Told[] = [
  [2, '18:05', 'Dad’s table, and the empty chair',
    'We set five places out of habit. Nobody said it and nobody took the plate away, so it sat there through the soup like somebody who had gone to wash their hands.\nI thought I would need to leave. I had the sentence ready: early shift, sorry, thank you, lovely. I had even put my keys in my coat. Then Ewa asked me to cut the bread, and cutting bread turned out to be long enough.\nWhat I want to keep: Dad laughed. Once, at his own joke, the one about the goat. It was not a brave laugh. It was just the ordinary one, from before.\nWalked home the lit way. Rang Marta from the corner and told her it was a four out of ten and that four is allowed.',
    ['family', 'Sundays'], ['tender', 'tired', 'a bit proud'], true],
  [2, '07:50', 'Slept through', 'Seven hours. I keep checking whether that is true.', [], ['rested']],
  [5, '22:31', 'After the meeting', 'Noor spoke about her brother. I said nothing, and it was the right amount.', ['evenings']],
  [6, '23:12', 'The bridge, the bus, the bakery',
    'Twenty past nine and it came on the bus, the whole thing, like somebody turning up a radio. I got off two stops early because the next one is outside the shop.\nI did the five blue things. A door. A child’s boot. The stripe on the ambulance, which I nearly did not count. Somebody’s headscarf. The light over the bakery, which is not really blue, but I was the one counting.\nBy the fifth I was on the bridge and it had gone down to something I could carry. Eleven minutes, about.',
    ['evenings', 'bus'], ['shaky', 'then steady']],
  [6, '12:40', 'Lunch on the steps', 'Piotr asked if I was all right and I told him the truth, the short one.', ['work']],
  [10, '21:02', '', 'The kettle, the radio, the dog next door. All of them did their work.', []],
  [11, '06:15', 'Early', 'Frost on the allotments. I was there before the man with the leeks.', ['mornings'], ['clear']],
  [14, '20:20', 'What I told the doctor', 'She asked about the bridges I take home and I said I take the other ones now.', ['doctor']],
  [18, '22:00', 'Under the rail bridge', 'Rain, and the four of us waiting it out. Nobody was in a hurry to be funny.', ['evenings'], ['fond']],
  [23, '19:10', 'Shopping, and why I cried', 'It was the tea she used to buy. I bought it.', [], ['sad']],
]

export function sampleEntries(now: Date): Sample[] {
  const rows: Sample[] = told.map(([back, hour, title, text, tags = [], feelings = [], shared = false], at) => ({
    row: {
      id: String(at + 1).padStart(32, '0'), at: `${day(back, now)}T${hour}:00+01:00`, day: day(back, now), title,
      firstLine: text.split('\n')[0] ?? '', tags, feelings, words: text.split(/\s+/).length, pictures: 0, shared, trashed: null,
    },
    text,
  }))
  for (let back = 30; back < 330; back += 3) {
    const text = `An ordinary day, number ${String(back)}. It was long enough and it ended.`
    rows.push({
      row: {
        id: `f${String(back).padStart(31, '0')}`, at: `${day(back, now)}T21:00:00+01:00`, day: day(back, now), title: '',
        firstLine: text, tags: [], feelings: [], words: 12, pictures: 0, shared: false, trashed: null,
      },
      text,
    })
  }
  return rows
}

export function memoryOf(now: Date): Sample {
  const at = new Date(now)
  at.setFullYear(now.getFullYear() - 2)
  const when = day(0, at)
  const text = 'First snow, and I was awake for it. I had forgotten that five in the morning also exists from this side. Made porridge. Ate all of it.'
  return {
    row: {
      id: 'a'.repeat(32), at: `${when}T05:10:00+01:00`, day: when, title: '', firstLine: text, tags: [], feelings: ['quiet'],
      words: 26, pictures: 0, shared: false, trashed: null,
    },
    text,
  }
}

export const thursdays: GroupRow = {
  id: '7'.repeat(32), name: 'Thursdays', standing: 'in', unread: true, somebodyAsks: true, watchNoteRead: true, trusted: true,
}

export const earlyTable: GroupRow = {
  id: '8'.repeat(32), name: 'Early table', standing: 'in', unread: false, somebodyAsks: false, watchNoteRead: true, trusted: true,
}

export function sampleGroup(row: GroupRow): GroupView {
  return {
    row, role: 'facilitator', me: 'kas', relay: 'https://relay.thursdays.example', going: null,
    members: [
      { id: 'kas', name: 'Kas', role: 'facilitator', devices: 1 },
      { id: 'noor', name: 'Noor', role: 'facilitator', devices: 1 },
      { id: 'bea', name: 'Bea', role: 'member', devices: 2 },
      { id: 'tomasz', name: 'Tomasz', role: 'member', devices: 1 },
      { id: 'ines', name: 'Ines', role: 'member', devices: 2 },
      { id: 'jo', name: 'Jo', role: 'reader', devices: 1 },
    ],
    requests: row.somebodyAsks
      ? [{ id: 'r1', name: 'Sam', words: ['lantern', 'gravel', 'orchid', 'seldom', 'copper', 'winter', 'pigeon', 'absorb'], comesBack: false, linkUsedTwice: false }]
      : [],
    checkWords: ['lantern', 'gravel', 'orchid', 'seldom', 'copper', 'winter', 'pigeon', 'absorb', 'ladder', 'velvet', 'harbor', 'onion'],
  }
}

const note = (id: string, author: string, authorName: string, back: number, now: Date, text: string): ReflectionView => ({
  id, author, authorName, mine: author === 'kas', day: day(back, now), text, wish: 'justListen', contentNotes: [], readers: [],
  corrected: false, state: { kind: 'there' }, reactions: [], answers: [], mayAnswer: null, mayReact: [], removedBy: [], removalAsked: 0,
})

export function sampleFeed(now: Date): ReflectionView[] {
  return [
    {
      ...note('n1', 'noor', 'Noor', 0, now,
        'Eight months today, and I did not tell anybody at work because then I would have to say eight months of what. So I am telling you. I bought myself the good coffee and drank it standing at the window like a person in a film.'),
      reactions: [
        { member: 'tomasz', name: 'Tomasz', reaction: 'heard' }, { member: 'ines', name: 'Ines', reaction: 'heard' },
        { member: 'bea', name: 'Bea', reaction: 'candle' },
      ],
      mayReact: ['heard', 'with', 'candle'],
    },
    {
      ...note('n2', 'tomasz', 'Tomasz', 1, now, 'The funeral was on Friday and there was an open bar. I stood outside with the smokers and counted cars.'),
      wish: 'howWasItForYou', contentNotes: [{ kind: 'death' }, { kind: 'substances' }], mayAnswer: 4000,
      mayReact: ['heard', 'with', 'meToo', 'candle', 'thanks'],
      answers: [{ id: 'a9', author: 'ines', authorName: 'Ines', mine: false, day: day(1, now), text: 'I have stood there too.', corrected: false, waits: false }],
    },
    {
      ...note('n3', 'kas', 'Kas', 2, now,
        'I had the sentence ready: early shift, sorry, thank you, lovely. I had even put my keys in my coat. Then somebody asked me to cut the bread, and cutting bread turned out to be long enough.'),
      wish: 'adviceIsWelcome', readers: ['Noor', 'Tomasz', 'Bea'], mayAnswer: null,
      answers: [
        { id: 'a1', author: 'bea', authorName: 'Bea', mine: false, day: day(1, now), text: 'Bread. For me it is washing up. I ask for a job before I sit down, then I have somewhere to stand.', corrected: false, waits: false },
        { id: 'a2', author: 'tomasz', authorName: 'Tomasz', mine: false, day: day(1, now), text: 'Leave the coat on the outside hook. I tell myself I may always go, so mostly I stay.', corrected: true, waits: false },
      ],
    },
    { ...note('n4', 'jo', 'Jo', 3, now, ''), state: { kind: 'takenBack' } },
  ]
}
