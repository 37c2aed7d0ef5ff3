import { parseArgs } from 'node:util'
import { AppError } from '../../../preload/contract/errors.ts'
import type { Placement } from '../../../preload/contract/seals.ts'
import type { SlotRequest } from '../../pdf/index.ts'

/** Where the key lies. */
export type KeySource =
  | { readonly kind: 'file'; readonly p12: string }
  | { readonly kind: 'token'; readonly library: string; readonly serial: string; readonly keyId: string | undefined }

/** With what, where and how to seal: what `seal apply` and `seal batch` share. */
export type SealOptions = {
  readonly key: KeySource
  readonly pinFile: string
  /** `corner`: the lower right, of the page named where one is. */
  readonly place: Placement | { readonly kind: 'corner'; readonly page: number | undefined }
  /** Slots that a certifying seal lays; undefined for no certification. */
  readonly certify: readonly SlotRequest[] | undefined
  readonly organisation: string | undefined
  readonly purposeLine: string
  readonly code: string | undefined
  readonly diameterMm: number
  readonly emblem: 'star' | 'national'
  readonly reason: string | undefined
  readonly timestamps: { readonly url: string; readonly roots: readonly string[] } | undefined
  readonly json: boolean
}

/** Smallest and largest seal that is drawn, in millimetres. */
const diameterLimits = { least: 10, most: 100 }
/** A longer name cannot be read in a ring of a few centimetres. */
const longestName = 60

/** The failure of a command line; `why` goes into its sentence. */
export const wrongUsage = (why: string): AppError => new AppError('USAGE', { why })

const sealingOptions = {
  p12: { type: 'string' },
  token: { type: 'string' },
  serial: { type: 'string' },
  key: { type: 'string' },
  'pin-file': { type: 'string' },
  page: { type: 'string' },
  at: { type: 'string' },
  anchor: { type: 'string' },
  last: { type: 'boolean' },
  shift: { type: 'string' },
  date: { type: 'boolean' },
  slot: { type: 'string' },
  seam: { type: 'string' },
  certify: { type: 'boolean' },
  slots: { type: 'string', multiple: true },
  emblem: { type: 'string' },
  'size-mm': { type: 'string' },
  name: { type: 'string' },
  purpose: { type: 'string' },
  code: { type: 'string' },
  reason: { type: 'string' },
  tsa: { type: 'string' },
  'tsa-trust': { type: 'string', multiple: true },
  json: { type: 'boolean' },
} as const

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

/** The words of a command line by name. */
export type Values = {
  /** A text option's value; undefined where it is not there. */
  readonly text: (key: string) => string | undefined
  /** The same; throws USAGE without it. */
  readonly needed: (key: string, shown: string) => string
  readonly flag: (key: string) => boolean
  readonly texts: (key: string) => readonly string[]
  readonly positionals: readonly string[]
}

/** Reads a command line. Throws USAGE for what is not among the options. */
export function parseWords(argv: readonly string[], options: Options): Values {
  const { values, positionals } = parsed(argv, options)
  const text = (key: string) => (typeof values[key] === 'string' ? values[key] : undefined)
  return {
    text,
    needed(key, shown) {
      const value = text(key)
      if (value === undefined || value === '') throw wrongUsage(`缺少 ${shown}`)
      return value
    },
    flag: (key) => values[key] === true,
    texts(key) {
      const value = values[key]
      return Array.isArray(value) ? value.map(String) : []
    },
    positionals,
  }
}

type RawValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>

function parsed(argv: readonly string[], options: Options): { values: RawValues; positionals: string[] } {
  try {
    return parseArgs({ args: joinNegative(argv), options, allowPositionals: true, strict: true })
  } catch (cause) {
    const unknown = /'(-{1,2}[^' ]+)/.exec(cause instanceof Error ? cause.message : '')?.[1]
    throw wrongUsage(unknown === undefined ? '参数不对' : `参数 ${unknown} 不对`)
  }
}

/** `--at -5,10` reads as an option to the parser; `--at=-5,10` does not. */
function joinNegative(argv: readonly string[]): string[] {
  const joined: string[] = []
  for (const argument of argv) {
    const before = joined.at(-1)
    if ((before === '--at' || before === '--shift') && argument.startsWith('-')) {
      joined[joined.length - 1] = `${before}=${argument}`
    } else joined.push(argument)
  }
  return joined
}

/** The only word beside the options. Throws USAGE for none and for several. */
export function onePositional(positionals: readonly string[]): string {
  const [only] = positionals
  if (only === undefined) throw wrongUsage('缺少 PDF 文件名')
  if (positionals.length > 1) throw wrongUsage('一次只能处理一个 PDF 文件')
  return only
}

/** Reads the words of `seal apply` or `seal batch`, with options of their own. Throws USAGE. */
export function parseSealWords(argv: readonly string[], own: Options): Values {
  return parseWords(argv, { ...sealingOptions, ...own })
}

/** What `seal apply` and `seal batch` share. Throws USAGE. */
export function sealOptionsOf(words: Values): SealOptions {
  const { text } = words
  return {
    key: keySource(words),
    pinFile: words.needed('pin-file', '--pin-file'),
    place: placeOf(words),
    certify: certification(words),
    organisation: organisationName(text('name')),
    purposeLine: text('purpose') ?? '',
    code: text('code'),
    diameterMm: diameter(text('size-mm') ?? '42'),
    emblem: emblemOf(text('emblem') ?? 'star'),
    reason: text('reason'),
    timestamps: timestampsOf(words),
    json: words.flag('json'),
  }
}

function keySource({ text, needed }: Values): KeySource {
  const library = text('token')
  if (library === undefined) {
    if (text('serial') !== undefined || text('key') !== undefined)
      throw wrongUsage('--serial、--key 只和 --token 一起用')
    return { kind: 'file', p12: needed('p12', '--p12 或 --token') }
  }
  if (text('p12') !== undefined) throw wrongUsage('--p12 和 --token 只能写一个')
  return { kind: 'token', library, serial: needed('serial', '--serial'), keyId: text('key') }
}

function placeOf(words: Values): SealOptions['place'] {
  const { text, flag } = words
  const ways = [text('anchor'), flag('date') || undefined, text('slot'), text('seam')]
  const isOnPage = text('at') !== undefined || text('page') !== undefined
  if (ways.filter((way) => way !== undefined).length + (isOnPage && text('seam') === undefined ? 1 : 0) > 1) {
    throw wrongUsage('盖章的位置只能写一种')
  }
  if (flag('last') && text('anchor') === undefined) throw wrongUsage('--last 只和 --anchor 一起用')
  if (text('shift') !== undefined && text('anchor') === undefined) throw wrongUsage('--shift 只和 --anchor 一起用')
  const [anchor, slot, seam] = [text('anchor'), text('slot'), text('seam')]
  if (anchor !== undefined) return anchorPlace(anchor, words)
  if (flag('date')) return { kind: 'date' }
  if (slot !== undefined) return { kind: 'slot', field: slot }
  if (seam !== undefined) return seamPlace(seam, words)
  const page = wholeNumber(text('page'))
  const at = millimetres('--at', text('at'))
  if (at === undefined) return { kind: 'corner', page }
  return { kind: 'page', page: page ?? lastPage, xMm: at[0], yMm: at[1] }
}

/** `--at` without `--page` means the last page, whose number is not known yet. */
export const lastPage = 0

function anchorPlace(anchor: string, { text, flag }: Values): Placement {
  if (anchor.trim() === '' || [...anchor].length > 60) throw wrongUsage('--anchor 要写 1 到 60 个字')
  const [rightMm, downMm] = millimetres('--shift', text('shift')) ?? [0, 0]
  return { kind: 'anchor', text: anchor, occurrence: flag('last') ? 'last' : 'first', rightMm, downMm }
}

function seamPlace(side: string, { text }: Values): Placement {
  if (side !== 'left' && side !== 'right') throw wrongUsage('--seam 要写 left 或 right')
  if (text('page') !== undefined) throw wrongUsage('骑缝章盖在每一页上，不写 --page')
  return { kind: 'seam', side, yMm: millimetres('--at', text('at'))?.[1] ?? null }
}

function certification({ flag, texts }: Values): SlotRequest[] | undefined {
  const slots = texts('slots').map(slotRequest)
  if (flag('certify')) return slots
  if (slots.length > 0) throw wrongUsage('--slots 只和 --certify 一起用')
  return undefined
}

function slotRequest(value: string): SlotRequest {
  const number = String.raw`(-?\d+(?:\.\d+)?)`
  const found = new RegExp(`^([1-9]\\d{0,6}),${number},${number}(?:,${number}(?:,(.+))?)?$`, 'u').exec(value)
  if (found === null) throw wrongUsage('--slots 要写成 页码,X,Y[,大小[,名称]]（毫米）')
  const [, page, x, y, size, name] = found
  return {
    place: { page: Number(page), xMm: Number(x), yMm: Number(y) },
    ...(size === undefined ? {} : { sizeMm: diameter(size) }),
    ...(name === undefined ? {} : { name }),
  }
}

function timestampsOf({ text, texts }: Values): SealOptions['timestamps'] {
  const [url, roots] = [text('tsa'), texts('tsa-trust')]
  if (url === undefined) {
    if (roots.length > 0) throw wrongUsage('--tsa-trust 只和 --tsa 一起用')
    return undefined
  }
  if (!/^https?:\/\//iu.test(url) || !URL.canParse(url)) throw wrongUsage('--tsa 要写 http 或 https 地址')
  if (roots.length === 0) throw wrongUsage('--tsa 要同时写 --tsa-trust 根证书.pem')
  return { url, roots }
}

function emblemOf(value: string): 'star' | 'national' {
  if (value !== 'star' && value !== 'national') throw wrongUsage('--emblem 要写 star 或 national')
  return value
}

function wholeNumber(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (!/^[1-9]\d{0,6}$/.test(value)) throw wrongUsage('--page 要写页码，从 1 数起')
  return Number(value)
}

function millimetres(option: string, value: string | undefined): readonly [number, number] | undefined {
  if (value === undefined) return undefined
  const found = /^(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)$/.exec(value)
  if (found === null) throw wrongUsage(`${option} 要写成 X,Y（毫米）`)
  return [Number(found[1]), Number(found[2])]
}

function diameter(value: string): number {
  const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
  if (!(number >= diameterLimits.least && number <= diameterLimits.most)) {
    throw wrongUsage(`大小要在 ${diameterLimits.least} 到 ${diameterLimits.most} 毫米之间`)
  }
  return number
}

function organisationName(given: string | undefined): string | undefined {
  if (given === undefined) return undefined
  const name = given.trim()
  if (name === '' || [...name].length > longestName || /[\p{C}]/u.test(name)) {
    throw wrongUsage(`--name 要写 1 到 ${longestName} 个看得见的字`)
  }
  return name
}
