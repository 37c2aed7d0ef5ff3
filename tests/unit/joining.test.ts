import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { centreAddress, takePlace } from '../../main/desk/joining.ts'
import { failureOf, temporaryFolder } from '../helpers/store.ts'

const before = 'before-20261130010203'
const names = ['station.json', 'station.db', 'vault.json']

/** A data folder with a station, the centre of a training and logs, and a station that was let in beside it. */
function readyFolder(folder: string): void {
  for (const name of ['blobs', 'centre', 'logs', 'joining']) mkdirSync(join(folder, name))
  for (const name of names) {
    writeFileSync(join(folder, name), 'old')
    writeFileSync(join(folder, 'joining', name), 'new')
  }
  for (const name of ['centre/db', 'logs/desk.log', 'owner.lock', 'blobs/a']) writeFileSync(join(folder, name), 'here')
  writeFileSync(join(folder, 'joining', 'ready.json'), JSON.stringify({ aside: before }))
}

const contents = (folder: string) => names.map((name) => readFileSync(join(folder, name), 'utf8'))

describe('a station that was let in', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
    'is in its place, and what was there whole beside it, broken off at step %i',
    (steps) => {
      using folder = temporaryFolder()
      readyFolder(folder.path)
      breakOffAfter(folder.path, steps)
      takePlace(folder.path)
      expect(contents(folder.path)).toEqual(['new', 'new', 'new'])
      expect(contents(join(folder.path, before))).toEqual(['old', 'old', 'old'])
      expect(readdirSync(folder.path).toSorted()).toEqual([before, 'centre', 'logs', 'owner.lock', ...names].toSorted())
      expect(existsSync(join(folder.path, before, 'blobs', 'a'))).toBe(true)
      expect(takePlace(folder.path)).toBe(false)
    },
  )

  it('is not in its place before the centre let it in', () => {
    using folder = temporaryFolder()
    readyFolder(folder.path)
    rmSync(join(folder.path, 'joining', 'ready.json'))
    expect(takePlace(folder.path)).toBe(false)
    expect(contents(folder.path)).toEqual(['old', 'old', 'old'])
  })
})

/** Leaves a folder as a start leaves it that dies after so many steps. */
function breakOffAfter(folder: string, steps: number): void {
  const joining = join(folder, 'joining')
  const moves = [
    ...['blobs', ...names].map((name) => () => {
      mkdirSync(join(folder, before), { recursive: true })
      renameSync(join(folder, name), join(folder, before, name))
    }),
    () => writeFileSync(join(joining, 'cleared'), ''),
    ...names.map((name) => () => renameSync(join(joining, name), join(folder, name))),
  ]
  for (const move of moves.slice(0, steps)) move()
}

describe('the address of a centre', () => {
  it('is taken as people read it out', async () => {
    const read = ['10.0.0.5:8080', ' http://10.0.0.5:8080/ ', 'HTTPS://centre.example/county/'].map(centreAddress)
    expect(read).toEqual(['http://10.0.0.5:8080', 'http://10.0.0.5:8080', 'https://centre.example/county'])
    expect(await failureOf(() => centreAddress('http://'))).toMatchObject({ code: 'INPUT_INVALID' })
  })
})
