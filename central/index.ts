// Owns: the centre's command line: serve, decide, cases, files, days, notice, calendar, directive, releases, publisher, station, bundle, exchange, relay, seal, enrolment-code.
// Does not own: what the commands do (host.ts, office/line.ts, the parts' commands.ts).
// Start here: `main` at the end.
import { parseArgs } from 'node:util'
import { dataFolder } from '../main/wire/local/data-folder.ts'
import { type CaseDecision, caseStates, caseStateWords } from '../preload/contract/case-steps.ts'
import { AppError } from '../preload/contract/errors.ts'
import { sentenceFor } from '../preload/contract/sentences.ts'
import { stationIdSchema } from '../preload/contract/wire.ts'
import { runBundleCommand } from './bundles/commands.ts'
import { joinedInWords } from './cases/joined.ts'
import { daysInWords, readDayWanted } from './days/commands.ts'
import { runExchangeCommand } from './exchange/commands.ts'
import { publicationInWords, readPublishing } from './feed/commands.ts'
import { runFilesCommand } from './files/commands.ts'
import { type CentrePlace, hasCentre, serveCentre } from './host.ts'
import { readCentreName } from './identity.ts'
import { withOffice } from './office/line.ts'
import { Refusal } from './refusal.ts'
import { runRelayOrder } from './relay/commands.ts'
import { readUpstreamWanted } from './relay/upstream.ts'
import { readSealOrder, runSealOrder } from './seals/seal-commands.ts'
import { runReleaseOrder } from './standards/commands.ts'

const usage = `用法：
  central serve [--name 中心名称] [--port 0] [--host 127.0.0.1] [--data 文件夹] [--files 文件夹] [--with-parent]
    [--pushes 256] [--connections 10] [--metrics-port 端口 [--metrics-host 127.0.0.1]]
  central --upstream 县中心地址 [--code 登记码] [--name 大厅名称] [--url 窗口找它的地址]（做大厅的中转机，其余同 serve；登记码只在第一次要写）
  central decide 办件编号 accepted|corrections|refused|approved|denied|closed [--reason 理由] [--officer 姓名] [--data 文件夹]
  central cases [--data 文件夹] [--json]
  central files 办件编号 [--out 文件夹] [--data 文件夹] [--json]
  central days [--day 年-月-日] [--data 文件夹] [--json]
  central notice 文字 [--urgent] [--station 窗口代码 | --town 镇街代码] [--data 文件夹] [--json]
  central calendar publish 文件.json [--data 文件夹] [--json]
  central directive send-files|reconcile [--station 窗口代码 | --town 镇街代码] [--reason 理由] [--data 文件夹] [--json]
  central bundle import 文件.cunchuang --out 回执.cunchuang [--from-replaced] [--data 文件夹] [--json]（--from-replaced：收下已被代替的机器剩下的）
  central releases list | show 次数 | adoption [次数] [--by town|village|station] [--data 文件夹] [--json]
  central releases publish 文件.cunrelease | export 次数 --out 文件.cunrelease或U盘文件夹 [--data 文件夹] [--json]
  central publisher list | add 公钥或密钥文件 [--name 名称] [--county 县代码] | retire 公钥或密钥文件 [--data 文件夹] [--json]
  central releases impact 文件.cunrelease [--data 文件夹] [--json]（会影响多少办件、草稿和窗口）
  central station tag [窗口代码 标签… [--remove]] [--data 文件夹] [--json]
  central station desk [窗口代码 [--remove]] [--data 文件夹] [--json]（没有发布密钥、又要看全县情况的发布台）
  central bundle list [--data 文件夹] [--json]
  central exchange [--once] [--exchange-url postgres://…] [--data 文件夹] [--json]（不写 --exchange-url 时用环境变量 EXCHANGE_URL）
  central exchange setup [--exchange-url …] | list [--json] | dismiss 行 --reason 理由
  central seal list [--station 窗口代码] [--data 文件夹] [--json]
  central seal lease --station 窗口代码 --certificate 证书摘要 --uses 次数 --days 天数 [--items 事项,事项] [--data 文件夹] [--json]
  central seal revoke --certificate 证书摘要 --reason 理由 [--data 文件夹] [--json]
  central enrolment-code 窗口代码 [--replaces 旧窗口代码] | --relay 镇街代码 [--data 文件夹] [--json]（--replaces：新机器代替丢了、坏了的旧机器）
  central relay list | remove 中转机编号 [--data 文件夹] [--json]
设置了 DATABASE_URL 而没有写 --data 时，用那个 PostgreSQL；文件存在 --files（或 CENTRAL_FILES）的文件夹里，或 CENTRAL_S3_… 说的对象存储里，
files、bundle 等命令要与 serve 写得一样。`

const now = () => new Date()

type Arguments = {
  readonly positionals: readonly string[]
  readonly values: {
    readonly port?: string
    readonly host?: string
    readonly data?: string
    readonly files?: string
    readonly out?: string
    readonly reason?: string
    readonly officer?: string
    readonly station?: string
    readonly certificate?: string
    readonly uses?: string
    readonly days?: string
    readonly items?: string
    readonly upstream?: string
    readonly code?: string
    readonly name?: string
    readonly url?: string
    readonly relay?: string
    readonly replaces?: string
    readonly 'from-replaced'?: boolean
    readonly pushes?: string
    readonly connections?: string
    readonly 'metrics-port'?: string
    readonly 'metrics-host'?: string
    readonly day?: string
    readonly town?: string
    readonly urgent?: boolean
    readonly once?: boolean
    readonly by?: string
    readonly county?: string
    readonly remove?: boolean
    readonly 'exchange-url'?: string
    readonly json?: boolean
    readonly 'with-parent'?: boolean
    readonly help?: boolean
  }
}

function readArguments(words: readonly string[]): Arguments {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const options = {
    ...{ port: text, host: text, data: text, files: text, out: text },
    ...{ reason: text, officer: text },
    ...{ station: text, certificate: text, uses: text, days: text, items: text },
    ...{ upstream: text, code: text, name: text, url: text, relay: text },
    ...{ pushes: text, connections: text, 'metrics-port': text, 'metrics-host': text },
    ...{ day: text, town: text, urgent: flag, once: flag, 'exchange-url': text },
    ...{ replaces: text, 'from-replaced': flag },
    ...{ by: text, county: text, remove: flag },
    ...{ json: flag, 'with-parent': flag, help: flag },
  }
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true }) as Arguments
  } catch (cause) {
    throw new AppError('USAGE', {}, { cause })
  }
}

function placeOf({ values }: Arguments): CentrePlace {
  const databaseUrl = process.env.DATABASE_URL
  const { files } = values
  if (values.data === undefined && databaseUrl)
    return { databaseUrl, files, connections: wholeNumber(values.connections, 1, 1000) }
  return { dataFolder: dataFolder({ argument: values.data }), files }
}

/** A number of the command line; undefined where none was given. */
function wholeNumber(word: string | undefined, least: number, most: number): number | undefined {
  if (word === undefined) return undefined
  const value = Number(word)
  if (!/^[0-9]+$/.test(word) || value < least || value > most) throw new AppError('USAGE')
  return value
}

function existingPlace(given: Arguments): CentrePlace {
  const place = placeOf(given)
  if ('dataFolder' in place && !hasCentre(place.dataFolder))
    throw new AppError('NOT_FOUND', { what: '中心：这个数据文件夹里还没有' })
  return place
}

async function releases(given: Arguments): Promise<void> {
  const { positionals, values } = given
  const said = await withOffice(existingPlace(given), now, (office) => runReleaseOrder(office, positionals, values))
  console.log(values.json ? JSON.stringify(said.value) : said.text)
}

/** A clerk must be able to tell the applicant something: where the office wrote nothing, whom to ask. */
const reasonWhereNone: Partial<Record<CaseDecision, string>> = {
  corrections: '中心没有写明要补正什么，请联系中心经办人。',
  refused: '中心没有写明理由，请联系中心经办人。',
}

async function publish(given: Arguments): Promise<void> {
  const order = await readPublishing(given.positionals, given.values)
  const made = await withOffice(existingPlace(given), now, order)
  console.log(given.values.json ? JSON.stringify(made) : publicationInWords(made))
}

const commands: Readonly<Record<string, (given: Arguments) => Promise<void>>> = {
  serve: async (given) => {
    const port = wholeNumber(given.values.port, 0, 65535) ?? 0
    const metricsPort = wholeNumber(given.values['metrics-port'], 0, 65535)
    const served = await serveCentre({
      ...{ place: placeOf(given), port, host: given.values.host, now },
      name: given.values.upstream === undefined ? readCentreName(given.values.name) : undefined,
      upstream: readUpstreamWanted(given.values),
      pushPlaces: wholeNumber(given.values.pushes, 1, 100_000),
      metrics: metricsPort === undefined ? undefined : { port: metricsPort, host: given.values['metrics-host'] },
      officeToken: process.env.CENTRAL_OFFICE_TOKEN || undefined,
      onBug: (incident, error) => console.error(`事故 ${incident}`, error),
    })
    const { listening, metrics } = served
    const { centreId, name } = served.identity
    console.log(JSON.stringify({ listening, ...(metrics && { metrics }), centreId, name, pid: process.pid }))
    await endOfService(given.values['with-parent'] === true)
    await served.close()
  },
  decide: async (given) => {
    const [, name, decision] = given.positionals
    if (name === undefined || !isDecision(decision) || given.positionals.length !== 3) throw new AppError('USAGE')
    const { reason = reasonWhereNone[decision] ?? '', officer = '中心经办人' } = given.values
    if (reason.length > 2000 || officer.length > 60) throw new AppError('INPUT_INVALID', { field: '理由或姓名太长' })
    const made = await withOffice(existingPlace(given), now, (office) =>
      office.decide(name, { decision, reason, officer }),
    )
    console.log(
      given.values.json
        ? JSON.stringify(made)
        : `${made.centreCaseNumber} ${caseStateWords[made.decision]} ${made.decidedAtUtc}`,
    )
  },
  cases: async (given) => {
    const cases = await withOffice(existingPlace(given), now, (office) => office.cases())
    if (given.values.json) console.log(JSON.stringify(cases))
    else if (cases.length === 0) console.log('中心还没有收到办件。')
    else
      for (const one of cases)
        console.log(
          [
            ...[one.localNumber, one.centreNumber, caseStateWords[one.state], one.matterName, one.caseId],
            `文件 ${one.files.here}/${one.files.expected}`,
            ...(one.holderId === one.stationId ? [] : [`现由 ${one.holderId} 办理`]),
            ...(one.theme === null ? [] : [joinedInWords(one.theme)]),
          ].join('\t'),
        )
  },
  files: async (given) => {
    const [, name, ...rest] = given.positionals
    if (name === undefined || rest.length > 0) throw new AppError('USAGE')
    const said = await withOffice(existingPlace(given), now, (office) =>
      runFilesCommand(office, name, given.values.out),
    )
    console.log(given.values.json ? JSON.stringify(said.value) : said.text)
  },
  days: async (given) => {
    const day = readDayWanted(given.positionals, given.values.day, now())
    const stations = await withOffice(existingPlace(given), now, (office) => office.days(day))
    console.log(given.values.json ? JSON.stringify(stations) : daysInWords(day, stations))
  },
  notice: publish,
  calendar: publish,
  directive: publish,
  releases,
  publisher: releases,
  station: releases,
  exchange: async (given) => {
    const [, ...words] = given.positionals
    // Setting up concerns the exchange's database alone.
    const place = words[0] === 'setup' ? placeOf(given) : existingPlace(given)
    await runExchangeCommand({ place, now, words, options: given.values, ended: endOfService })
  },
  seal: async (given) => {
    const [, action, ...rest] = given.positionals
    const order = readSealOrder(action, rest, given.values)
    const said = await withOffice(existingPlace(given), now, (office) => runSealOrder(office, order, now()))
    console.log(given.values.json ? JSON.stringify(said.value) : said.text)
  },
  relay: async (given) => {
    const [, ...words] = given.positionals
    const said = await withOffice(existingPlace(given), now, (office) => runRelayOrder(office, words))
    console.log(given.values.json ? JSON.stringify(said.value) : said.text)
  },
  bundle: async (given) => {
    const [, ...words] = given.positionals
    const said = await withOffice(existingPlace(given), now, (office) =>
      runBundleCommand(office, words, { out: given.values.out, fromReplaced: given.values['from-replaced'] }),
    )
    console.log(given.values.json ? JSON.stringify(said.value) : said.text)
  },
  'enrolment-code': async (given) => {
    const { relay } = given.values
    if (relay !== undefined && given.positionals.length === 1) {
      const made = await withOffice(existingPlace(given), now, (office) => office.relayCode(relay))
      return console.log(given.values.json ? JSON.stringify(made) : made.code)
    }
    const station = stationIdSchema.safeParse(given.positionals[1])
    const replaces = stationIdSchema.optional().safeParse(given.values.replaces)
    if (!station.success || !replaces.success || given.positionals.length !== 2) throw new AppError('USAGE')
    const made = await withOffice(existingPlace(given), now, (office) =>
      office.enrolmentCode(station.data, replaces.data),
    )
    console.log(given.values.json ? JSON.stringify(made) : made.code)
  },
}

function isDecision(word: string | undefined): word is CaseDecision {
  return word !== 'received' && caseStates.some((state) => state === word)
}

/** Resolves at SIGTERM, SIGINT, or when the parent is gone: its IPC channel closed, or our standard input at its end. */
async function endOfService(withParent: boolean): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
    if (!withParent) return
    process.once('disconnect', () => resolve())
    // An Electron utility process has no standard input of its own and ends with its parent anyway.
    if ('parentPort' in process && process.parentPort) return
    process.stdin
      .once('end', resolve)
      .once('error', () => resolve())
      .resume()
  })
}

/** Says what went wrong in one sentence; returns the exit code: 1 refused, 2 usage. A bug keeps its stack. */
function explain(error: unknown): number {
  if (error instanceof Refusal) {
    console.error(`${error.message}。`)
    return 1
  }
  if (!(error instanceof AppError)) {
    console.error(error)
    return 1
  }
  const { title, remedy } = sentenceFor(error.code, error.details)
  console.error(error.code === 'USAGE' ? usage : `${title}${remedy}`)
  return error.code === 'USAGE' ? 2 : 1
}

async function main(words: readonly string[]): Promise<void> {
  try {
    const given = readArguments(words)
    if (given.values.help) return console.log(usage)
    // A relay may be started by its county's address alone.
    const command = commands[given.positionals[0] ?? (given.values.upstream === undefined ? '' : 'serve')]
    if (command === undefined) throw new AppError('USAGE')
    await command(given)
    process.exitCode = 0
  } catch (error) {
    process.exitCode = explain(error)
  }
  // What still holds the process open (standard input, a pool's timers) is of no use any more.
  process.exit()
}

await main(process.argv.slice(2))
