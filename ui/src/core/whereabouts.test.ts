import { expect, test } from 'vitest'
import { whereabouts } from './whereabouts'

test('a place is named by its folder and what it lies in', () => {
  expect(whereabouts('/media/kas/Blue stick/hearthkeep')).toBe('Blue stick › hearthkeep')
  expect(whereabouts('/home/kas/')).toBe('home › kas')
  expect(whereabouts('E:\\Backups')).toBe('E: › Backups')
  expect(whereabouts('/backups')).toBe('backups')
})
