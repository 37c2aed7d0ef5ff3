// Owns: the page behind a paper's QR code: does the centre hold this case, with this very entry, and know of this paper.
// Does not own: how papers are drawn and what their code says (main/features/documents).
// Start here: `checkRoutes`.
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { shanghaiTimeInWords } from '../../preload/contract/calendar.ts'
import type { CaseState } from '../../preload/contract/case-steps.ts'
import { entryPayloads } from '../../preload/contract/entries.ts'
import { type CasePaperKind, casePaperKinds } from '../../preload/contract/papers.ts'
import { paperWords } from '../../preload/contract/standards/code-words.ts'
import { hashSchema } from '../../preload/contract/wire.ts'
import type { Database } from '../database.ts'

/** What the page stands on. */
export type CheckOptions = {
  readonly database: Database
  /** Whose page it is: a training centre's name says so. */
  readonly centreName: string
  /** At a hall's relay: the name of its county, which has the last word. */
  readonly countyName?: string | undefined
  readonly onBug: (incident: string, error: unknown) => void
}

/** What a paper's code carries: local number, entry hash, and which paper it is unless a receipt. Other keys are let through: messengers add theirs to an address. */
const checkQuery = z.object({
  n: z.string().regex(/^[0-9]{12}-[1-9][0-9]{0,3}-[0-9]{8}-[0-9]{4,8}$/),
  h: hashSchema,
  p: z.enum(casePaperKinds).catch('receipt').default('receipt'),
})

type Asked = { readonly number: string; readonly hash: string; readonly kind: CasePaperKind }

/** What the centre knows of a paper. Whoever has the number without the hash is told nothing of the case. */
type Finding =
  | {
      readonly outcome: 'matches'
      readonly training: boolean
      readonly receivedAtUtc: string
      readonly arrivedAtUtc: string
      readonly state: CaseState
      /** At a relay: whether the county has the case; null at a centre. */
      readonly atCounty: boolean | null
      /** Whether the window's record of having made this paper has arrived; of a receipt that is the 收件 itself. */
      readonly isPaperKnown: boolean
    }
  | { readonly outcome: 'differs'; readonly training: boolean }
  | { readonly outcome: 'absent' }

/** Registers `GET /check?n=…&h=…`: a page for people, without scripts or personal data. 200 whatever was found, 400 for an address that is none. */
export function checkRoutes(app: FastifyInstance, { database, centreName, countyName, onBug }: CheckOptions): void {
  app.setErrorHandler((error, request, reply) => {
    onBug(request.id, error)
    return sendPage(reply, 500, { ...pages.broken, centreName })
  })
  app.get<{ Querystring: z.infer<typeof checkQuery> }>('/check', {
    schema: { summary: '核对收件凭证、文书（网页）', querystring: checkQuery },
    attachValidation: true,
    handler: async (request, reply) => {
      if (request.validationError) return sendPage(reply, 400, { ...pages.malformed, centreName })
      const asked = { number: request.query.n, hash: request.query.h, kind: request.query.p }
      return sendPage(reply, 200, pageOf(asked, await findPaper(database, asked), { centreName, countyName }))
    },
  })
}

type Row = {
  readonly state: CaseState
  readonly receivedAtUtc: string
  readonly arrivedAt: Date
  readonly hash: string
  readonly payload: string | null
  readonly caseId: string
  readonly holderId: string | null
  readonly stationId: string
  readonly atCounty: boolean | null
}

/** A number belongs to the station that it begins with: no other station's entry can make a true receipt look false. */
async function findPaper(database: Database, { number, hash, kind }: Asked): Promise<Finding> {
  const rows = await database.query<Row>(
    `select cases.state, cases.received_at as "receivedAtUtc", entries.received_at as "arrivedAt", entries.hash, entries.payload,
       cases.case_id as "caseId", cases.holder_id as "holderId", cases.station_id as "stationId",
       cases.seq <= relayed_stations.county_seq as "atCounty"
     from cases join entries on entries.station_id = cases.station_id and entries.seq = cases.seq
       left join relayed_stations on relayed_stations.station_id = cases.station_id
     where cases.local_number = $1 and starts_with($1, cases.station_id || '-')`,
    [number],
  )
  const [first] = rows
  if (first === undefined) return { outcome: 'absent' }
  const same = rows.find((row) => row.hash === hash)
  if (same === undefined) return { outcome: 'differs', training: isTraining(first) }
  const { state, receivedAtUtc, arrivedAt, atCounty } = same
  const arrivedAtUtc = arrivedAt.toISOString()
  const isPaperKnown = kind === 'receipt' || (await isMade(database, same, kind))
  return { outcome: 'matches', training: isTraining(same), receivedAtUtc, arrivedAtUtc, state, atCounty, isPaperKnown }
}

/** Whether the window that took the case in, or the one in its place, told that it made this paper of this very 收件. */
async function isMade(database: Database, row: Row, kind: CasePaperKind): Promise<boolean> {
  const made = await database.query<{ payload: string | null }>(
    `select payload from entries where station_id in ($1, $2) and subject = $3 and kind = 'document.made' and version = 2`,
    [row.stationId, row.holderId ?? row.stationId, row.caseId],
  )
  return made.some(({ payload }) => {
    const told = payload === null ? undefined : entryPayloads['document.made@2'].safeParse(JSON.parse(payload)).data
    return told?.kind === kind && told.quotesHash === row.hash
  })
}

/** Read here and not in SQL: PostgreSQL's JSON refuses characters that a payload may hold. */
function isTraining({ payload }: Row): boolean {
  if (payload === null) return false
  return entryPayloads['case.received@1'].safeParse(JSON.parse(payload)).data?.training === true
}

type Page = {
  readonly centreName: string
  /** Of which paper; none where the address is no paper's. */
  readonly kind?: CasePaperKind
  readonly mark: '✓' | '!' | '?'
  readonly tone: 'good' | 'bad' | 'open'
  readonly title: string
  readonly text: string
  readonly facts?: readonly (readonly [name: string, value: string])[]
  readonly training?: boolean
}

type Said = Pick<Page, 'mark' | 'tone' | 'title' | 'text'>

/** What the page says, of a paper that people call `it`. */
const pages = {
  matches: (it: string): Said => ({
    mark: '✓',
    tone: 'good',
    title: `${it}相符`,
    text: `中心有这份${it}上的办件，校验码与中心的记录一致。`,
  }),
  unheard: (it: string): Said => ({
    mark: '?',
    tone: 'open',
    title: `中心还没有这份${it}`,
    text: `办件是有的，校验码也一致；但窗口出过这份${it}的记录还没有到中心，请过些时候再查。一直查不到的，请拿着它到出具它的窗口核对。`,
  }),
  differs: (it: string): Said => ({
    mark: '!',
    tone: 'bad',
    title: '校验码不符，可疑',
    text: `中心有这个编号，但${it}上的校验码与中心的记录不一致，${it}可能被改动过。请不要凭它办事，拿着${it}到出具它的窗口核对。`,
  }),
  absent: (it: string): Said => ({
    mark: '?',
    tone: 'open',
    title: '中心还没有这个办件',
    text: `可能还没有送到：窗口断网时照常收件，网络恢复后才会到中心，请过些时候再查。一直查不到的，请拿着${it}到出具它的窗口核对。`,
  }),
  absentHere: (it: string) => ({
    title: '大厅的中转机没有这个办件',
    text: `这里是镇街大厅的中转机，只存本大厅断网期间的办件。请到县里的核对地址再查，或拿着${it}到出具它的窗口核对。`,
  }),
  malformed: {
    mark: '?',
    tone: 'open',
    title: '这个地址不完整',
    text: '请重新扫描凭证或文书上的二维码；手工输入的，请逐字核对编号和校验码。',
  },
  broken: {
    mark: '?',
    tone: 'open',
    title: '暂时查不了',
    text: '中心出了故障，凭证和办件都不受影响。请稍后再查。',
  },
} as const

/** What people call a paper in a sentence. */
const nameOf = (kind: CasePaperKind): string => (kind === 'receipt' ? '凭证' : paperWords[kind])

const stateWords: Record<CaseState, string> = {
  received: '中心已收到，尚未决定是否受理',
  corrections: '等待补正材料',
  refused: '不予受理',
  accepted: '已受理',
  approved: '已作出准予的决定',
  denied: '已作出不予的决定',
  closed: '已办结',
}

/** Whose page it is; at a relay, whose relay. */
type Owner = { readonly centreName: string; readonly countyName: string | undefined }

function pageOf(asked: Asked, finding: Finding, { centreName, countyName }: Owner): Page {
  const { number, hash, kind } = asked
  const it = nameOf(kind)
  const common = { centreName, kind }
  if (finding.outcome !== 'matches') {
    const training = finding.outcome === 'differs' && finding.training
    const ofRelay = countyName !== undefined && finding.outcome === 'absent' ? pages.absentHere(it) : {}
    const facts = [
      ['编号', number],
      ['校验码', hash],
    ] as const
    return { ...pages[finding.outcome](it), ...ofRelay, ...common, training, facts }
  }
  const isOnItsWay = finding.atCounty === false
  const facts = [
    ['编号', number],
    ['窗口收件', shanghaiTimeInWords(finding.receivedAtUtc)],
    [countyName === undefined ? '到达中心' : '到达大厅', shanghaiTimeInWords(finding.arrivedAtUtc)],
    ['目前状态', isOnItsWay ? '大厅已代存，等待送往县里' : stateWords[finding.state]],
    ['校验码', hash],
  ] as const
  const { training, isPaperKnown } = finding
  if (!isPaperKnown) return { ...pages.unheard(it), ...common, training, facts }
  const ofRelay = countyName !== undefined && { text: relayWords(it, countyName, isOnItsWay) }
  return { ...pages.matches(it), ...ofRelay, ...common, training, facts }
}

const relayWords = (it: string, countyName: string, isOnItsWay: boolean): string =>
  `这里是镇街大厅的中转机。它存有这份${it}上的办件，校验码一致。${
    isOnItsWay ? `${countyName}还没有收到，网络恢复后会自动送去。` : `${countyName}也已收到。`
  }`

const style = `
body { margin: 0; background: #f4f5f7; color: #1d2129; font: 18px/1.7 "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif }
main { max-width: 36rem; margin: 0 auto; padding: 1.25rem 1rem 2rem }
section { background: #fff; border: 1px solid #d9dce1; border-top: 6px solid #8a5a00; border-radius: 6px; padding: 1.25rem }
section.good { border-top-color: #1a7f37 } section.bad { border-top-color: #c4161c }
h1 { display: flex; gap: .6rem; align-items: center; margin: 0 0 .75rem; font-size: 26px; line-height: 1.4 }
h1 span { flex: none; width: 2.4rem; height: 2.4rem; border-radius: 50%; background: #8a5a00; color: #fff; text-align: center; line-height: 2.4rem }
.good h1 span { background: #1a7f37 } .bad h1 span { background: #c4161c } .bad h1 { color: #a11116 }
p { margin: 0 0 1rem }
.training { background: #fff3d6; border: 1px solid #d9a300; border-radius: 6px; padding: .5rem 1rem; font-weight: 700 }
dl { margin: 0; border-top: 1px solid #e5e7eb } dt { margin-top: .75rem; color: #4e5969 }
dd { margin: 0; overflow-wrap: anywhere } footer { margin-top: 1rem; color: #4e5969 }
`

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

function sendPage(reply: FastifyReply, status: number, page: Page): FastifyReply {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }
  return reply.status(status).headers(headers).send(htmlOf(page))
}

function htmlOf({ centreName, kind, mark, tone, title, text, facts = [], training = false }: Page): string {
  const it = kind === undefined ? '文书' : nameOf(kind)
  const whose = `核对${kind === undefined ? it : paperWords[kind]}`
  const banner = training ? `<p class="training">演练${it}：只供练习，不作办事依据。</p>` : ''
  const list = facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('')
  return `<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${escaped(title)} · ${whose}</title><style>${style}</style></head>
<body><main>${banner}<section class="${tone}"><h1><span aria-hidden="true">${mark}</span>${escaped(title)}</h1>
<p>${escaped(text)}</p>${list === '' ? '' : `<dl>${list}</dl>`}</section>
<footer>${escaped(centreName)} · ${whose}</footer></main></body>
</html>
`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
}
