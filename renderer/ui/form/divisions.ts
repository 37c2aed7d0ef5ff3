import divisionsText from '../../../resources/divisions.csv?raw'

/** A village or neighbourhood (村/社区) by its 12-digit division code. */
type Village = { readonly code: string; readonly name: string }
/** A town or street (镇/街道) by its 9-digit code, with its villages. */
export type Town = { readonly code: string; readonly name: string; readonly villages: readonly Village[] }

const readTowns = (text: string): readonly Town[] => {
  const towns = new Map<string, { code: string; name: string; villages: Village[] }>()
  for (const line of text.split(/\r?\n/).slice(1)) {
    const [code = '', name = '', townCode = '', townName = ''] = line.split(',')
    if (code === '') continue
    const town = towns.get(townCode) ?? { code: townCode, name: townName, villages: [] }
    town.villages.push({ code, name })
    towns.set(townCode, town)
  }
  return [...towns.values()]
}

/** Towns and villages of Nanxiong, in the order of their codes. */
export const towns: readonly Town[] = readTowns(divisionsText)

/** The town that a village's 12-digit or a town's 9-digit code lies in; undefined for a foreign code. */
export const townOf = (code: string): Town | undefined => towns.find((town) => code.startsWith(town.code))
