// Owns: the words of `central exchange`, and the adapter's loop.
// Does not own: what is written (shipping.ts) and taken (taking.ts).
// Start here: `runExchangeCommand`.
import { setTimeout as wait } from 'node:timers/promises'
import { shanghaiTimeInWords } from '../../preload/contract/calendar.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { type Database, openPostgres } from '../database.ts'
import { type CentrePlace, openCentre } from '../host.ts'
import { Refusal } from '../refusal.ts'
import { listHeld } from './held.ts'
import { type ExchangeTable, exchangeSchema, exchangeTables, interfaceColumns, tableName } from './schema.ts'
import { type ExchangeEnds, shipAll } from './shipping.ts'
import { dismissRow, listOpenRows, type OpenRow, takeAll } from './taking.ts'

/** What `central exchange …` is given. */
export type ExchangeCommand = {
  readonly place: CentrePlace
  readonly now: () => Date
  /** After `exchange`: nothing, `setup`, `list`, or `dismiss` and a row. */
  readonly words: readonly string[]
  readonly options: {
    readonly once?: boolean
    readonly 'exchange-url'?: string
    readonly reason?: string
    readonly json?: boolean
  }
  /** Resolves when the program is to end. */
  readonly ended: (withParent: boolean) => Promise<void>
}

/** How often both sides are looked at. */
const everyMs = 5_000

/** Carries out `exchange`, `exchange setup`, `exchange list` and `exchange dismiss`. Throws USAGE; refuses in words. */
export async function runExchangeCommand(command: ExchangeCommand): Promise<void> {
  const { place, now, words, options } = command
  const [action = 'run', row] = words
  if (words.length > (action === 'dismiss' ? 2 : 1)) throw new AppError('USAGE')
  if (action === 'setup') return await withExchange(options['exchange-url'], setUp)
  const { database: centre, close } = await openCentre(place, now)
  try {
    if (action === 'list') return say(options.json, await listOpenRows(centre), openInWords)
    if (action === 'dismiss') {
      const reason = options.reason?.trim() ?? ''
      if (row === undefined || reason === '' || reason.length > 500) throw new AppError('USAGE')
      await dismissRow(centre, row, reason, now())
      return console.log('已记下，不再处理这一行。')
    }
    if (action !== 'run') throw new AppError('USAGE')
    await withExchange(options['exchange-url'], async (exchange) => {
      await refuseWithoutTables(exchange)
      await run({ centre, exchange }, command)
    })
  } finally {
    await close()
  }
}

/** One pass both ways: ours are written first, so that their rows find what they are about. */
export async function exchangeOnce(ends: ExchangeEnds, now: Date) {
  const written = await shipAll(ends, now)
  const { taken, open } = await takeAll(ends, now)
  return { written, taken, open: open + (await listHeld(ends.centre)).length }
}

async function run(ends: ExchangeEnds, { now, options, ended }: ExchangeCommand): Promise<void> {
  if (options.once) return say(options.json, await exchangeOnce(ends, now()), passInWords)
  const stop = new AbortController()
  const end = ended(false).then(() => stop.abort())
  console.log('数据交换已开始。')
  while (!stop.signal.aborted) {
    try {
      const pass = await exchangeOnce(ends, now())
      if (pass.written + pass.taken > 0) say(options.json, pass, passInWords)
    } catch (error) {
      // Either database may be away for a while; what was written stays, the rest follows.
      console.error('这一轮没有完成，稍后再试。', error instanceof Error ? error.message : error)
    }
    await wait(everyMs, undefined, { signal: stop.signal }).catch(() => undefined)
  }
  await end
}

async function withExchange<T>(given: string | undefined, work: (exchange: Database) => Promise<T>): Promise<T> {
  const url = given ?? process.env.EXCHANGE_URL
  if (url === undefined || url === '') throw new AppError('USAGE')
  if (!/^postgres(ql)?:\/\//.test(url)) throw new Refusal('malformed', '交换库只支持 PostgreSQL（postgres://…）')
  const exchange = openPostgres(url)
  try {
    const [row] = await exchange.query<{ version: string }>(`select current_setting('server_version_num') as version`)
    if (Number(row?.version) < 150_000) throw new Refusal('malformed', '交换库要 PostgreSQL 15 或更新的版本')
    return await work(exchange)
  } finally {
    await exchange.close()
  }
}

async function setUp(exchange: Database): Promise<void> {
  await exchange.script(exchangeSchema)
  console.log('交换表已备好。')
}

/** Refuses where a table, our columns in it, or columns of the interface are missing. */
async function refuseWithoutTables(exchange: Database): Promise<void> {
  const found = await exchange.query<{ table_name: string; column_name: string }>(
    `select table_name, column_name from information_schema.columns
     where table_schema = current_schema() and table_name = any($1::text[])`,
    [exchangeTables.map(tableName)],
  )
  const missing = exchangeTables.flatMap((table) =>
    missingColumns(
      table,
      new Set(found.filter((row) => row.table_name === tableName(table)).map((row) => row.column_name)),
    ),
  )
  const [first] = missing
  if (first === undefined) return
  if (missing.some(({ isOurs }) => isOurs)) {
    const text = [...new Set(missing.filter(({ isOurs }) => isOurs).map(({ name }) => name))].join('、')
    throw new Refusal('not_found', `交换库还没有备好 ${text}，请先运行 central exchange setup`)
  }
  const text = missing.map(({ name, column }) => `${name}.${column.toUpperCase()}`).join('、')
  throw new Refusal('not_found', `交换库缺少接口规定的列 ${text}，请让交换库的管理方补上；什么也没有写`)
}

type MissingColumn = { readonly name: string; readonly column: string; readonly isOurs: boolean }

function missingColumns(table: ExchangeTable, there: ReadonlySet<string>): MissingColumn[] {
  const name = tableName(table).toUpperCase()
  return [...interfaceColumns[table], 'cunchuang_source', 'cunchuang_key', 'cunchuang_number', 'cunchuang_read_at']
    .filter((column) => !there.has(column))
    .map((column) => ({ name, column, isOurs: there.size === 0 || column.startsWith('cunchuang_') }))
}

function say<T>(json: boolean | undefined, value: T, inWords: (value: T) => string): void {
  console.log(json ? JSON.stringify(value) : inWords(value))
}

function passInWords({ written, taken, open }: Awaited<ReturnType<typeof exchangeOnce>>): string {
  const rest = open === 0 ? '' : `；${open} 行没有处理，请看 central exchange list`
  return `写出 ${written} 行，读回 ${taken} 行${rest}。`
}

function openInWords(rows: readonly OpenRow[]): string {
  if (rows.length === 0) return '没有待处理的行。'
  return rows
    .map(({ rowKey, sblsh, said, why, seenAtUtc }) =>
      [sblsh, said, why, shanghaiTimeInWords(seenAtUtc), rowKey].join('\t'),
    )
    .join('\n')
}
