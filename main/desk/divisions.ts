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

/** One village of `resources/divisions.csv`. Throws NOT_FOUND for a code that is not in it. */
export function readDivision(resources: string, code: string): Division {
  const lines = readFileSync(join(resources, 'divisions.csv'), 'utf8').split(/\r?\n/)
  const fields = lines.find((line) => line.startsWith(`${code},`))?.split(',')
  const [, name, , townName] = fields ?? []
  if (!name || !townName) throw new AppError('NOT_FOUND', { what: '这个村居' })
  return { code, name, townName }
}
