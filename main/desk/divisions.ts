import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../preload/contract/errors.ts'

/** A village or neighbourhood (村居) with its town, by the statistics codes of 2023-06. */
export type Division = {
  readonly code: string
  readonly name: string
  readonly townName: string
}

/** The village that a training station stands in where nobody chose one: 珠玑村 of 珠玑镇. */
export const defaultDivisionCode = '440282113201'

/** `珠玑镇珠玑村委会` of a code; the code itself where it is not in `resources/divisions.csv`. */
export function divisionName(resources: string, code: string): string {
  try {
    const { townName, name } = readDivision(resources, code)
    return `${townName}${name}`
  } catch {
    return code
  }
}

/** The county, its towns and villages by their codes (6, 9 and 12 digits), with names as in `珠玑镇珠玑村委会`. */
export function knownDivisions(resources: string): ReadonlyMap<string, string> {
  const known = new Map<string, string>()
  for (const line of linesOf(resources).slice(1)) {
    const [code, name, townCode, townName] = line.split(',')
    if (!code || !name || !townCode || !townName) continue
    known.set(code.slice(0, 6), '全县').set(townCode, townName).set(code, `${townName}${name}`)
  }
  return known
}

/** The name of a place by the digits of its code; undefined for one that the county does not have. */
export function placeName(resources: string, digits: string): string | undefined {
  return knownDivisions(resources).get(digits)
}

/** One village of `resources/divisions.csv`. Throws NOT_FOUND for a code that is not in it. */
export function readDivision(resources: string, code: string): Division {
  const fields = linesOf(resources)
    .find((line) => line.startsWith(`${code},`))
    ?.split(',')
  const [, name, , townName] = fields ?? []
  if (!name || !townName) throw new AppError('NOT_FOUND', { what: '这个村居' })
  return { code, name, townName }
}

function linesOf(resources: string): string[] {
  return readFileSync(join(resources, 'divisions.csv'), 'utf8').split(/\r?\n/)
}
