// Owns: the page behind a receipt's QR code: does the centre hold this case, with this very entry.
// Does not own: how receipts are drawn and what their code says (main/features/documents).
// Start here: `checkRoutes`.
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { shanghaiTimeInWords } from '../../preload/contract/calendar.ts'
import type { CaseState } from '../../preload/contract/case-steps.ts'
import { entryPayloads } from '../../preload/contract/entries.ts'
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

/** What a receipt's code carries: local number and entry hash. Other keys are let through: messengers add theirs to an address. */
const checkQuery = z.object({
  n: z.string().regex(/^[0-9]{12}-[1-9][0-9]{0,3}-[0-9]{8}-[0-9]{4,8}$/),
  h: hashSchema,
})

type Receipt = { readonly number: string; readonly hash: string }

/** What the centre knows of a receipt. Whoever has the number without the hash is told nothing of the case. */
type Finding =
  | {
      readonly outcome: 'matches'
      readonly training: boolean
      readonly receivedAtUtc: string
      readonly arrivedAtUtc: string
      readonly state: CaseState
      /** At a relay: whether the county has the case; null at a centre. */
      readonly atCounty: boolean | null
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
    schema: { summary: '核对收件凭证（网页）', querystring: checkQuery },
    attachValidation: true,
    handler: async (request, reply) => {
      if (request.validationError) return sendPage(reply, 400, { ...pages.malformed, centreName })
      const receipt = { number: request.query.n, hash: request.query.h }
      return sendPage(reply, 200, pageOf(receipt, await findReceipt(database, receipt), { centreName, countyName }))
    },
  })
}

type Row = {
  readonly state: CaseState
  readonly receivedAtUtc: string
  readonly arrivedAt: Date
  readonly hash: string
  readonly payload: string | null
  readonly atCounty: boolean | null
}

/** A number belongs to the station that it begins with: no other station's entry can make a true receipt look false. */
async function findReceipt(database: Database, { number, hash }: Receipt): Promise<Finding> {
  const rows = await database.query<Row>(
    `select cases.state, cases.received_at as "receivedAtUtc", entries.received_at as "arrivedAt", entries.hash, entries.payload,
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
  return { outcome: 'matches', training: isTraining(same), receivedAtUtc, arrivedAtUtc, state, atCounty }
}

/** Read here and not in SQL: PostgreSQL's JSON refuses characters that a payload may hold. */
function isTraining({ payload }: Row): boolean {
  if (payload === null) return false
  return entryPayloads['case.received@1'].safeParse(JSON.parse(payload)).data?.training === true
}

type Page = {
  readonly centreName: string
  readonly mark: '✓' | '!' | '?'
  readonly tone: 'good' | 'bad' | 'open'
  readonly title: string
  readonly text: string
  readonly facts?: readonly (readonly [name: string, value: string])[]
  readonly training?: boolean
}

const pages = {
  matches: {
    mark: '✓',
    tone: 'good',
    title: '凭证相符',
    text: '中心有这份凭证上的办件，校验码与中心的记录一致。',
  },
  differs: {
    mark: '!',
    tone: 'bad',
    title: '校验码不符，可疑',
    text: '中心有这个编号，但凭证上的校验码与中心的记录不一致，凭证可能被改动过。请不要凭它办事，拿着凭证到出具它的窗口核对。',
  },
  absent: {
    mark: '?',
    tone: 'open',
    title: '中心还没有这个办件',
    text: '可能还没有送到：窗口断网时照常收件，网络恢复后才会到中心，请过些时候再查。一直查不到的，请拿着凭证到出具它的窗口核对。',
  },
  absentHere: {
    title: '大厅的中转机没有这个办件',
    text: '这里是镇街大厅的中转机，只存本大厅断网期间的办件。请到县里的核对地址再查，或拿着凭证到出具它的窗口核对。',
  },
  malformed: {
    mark: '?',
    tone: 'open',
    title: '这个地址不完整',
    text: '请重新扫描凭证上的二维码；手工输入的，请逐字核对编号和校验码。',
  },
  broken: {
    mark: '?',
    tone: 'open',
    title: '暂时查不了',
    text: '中心出了故障，凭证和办件都不受影响。请稍后再查。',
  },
} as const

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

function pageOf({ number, hash }: Receipt, finding: Finding, { centreName, countyName }: Owner): Page {
  const asked = [
    ['编号', number],
    ['校验码', hash],
  ] as const
  if (finding.outcome !== 'matches') {
    const training = finding.outcome === 'differs' && finding.training
    const ofRelay = countyName !== undefined && finding.outcome === 'absent' ? pages.absentHere : {}
    return { ...pages[finding.outcome], ...ofRelay, centreName, training, facts: asked }
  }
  const isOnItsWay = finding.atCounty === false
  const facts = [
    ['编号', number],
    ['窗口收件', shanghaiTimeInWords(finding.receivedAtUtc)],
    [countyName === undefined ? '到达中心' : '到达大厅', shanghaiTimeInWords(finding.arrivedAtUtc)],
    ['目前状态', isOnItsWay ? '大厅已代存，等待送往县里' : stateWords[finding.state]],
    ['校验码', hash],
  ] as const
  const ofRelay = countyName !== undefined && { text: relayWords(countyName, isOnItsWay) }
  return { ...pages.matches, ...ofRelay, centreName, training: finding.training, facts }
}

const relayWords = (countyName: string, isOnItsWay: boolean): string =>
  `这里是镇街大厅的中转机。它存有这份凭证上的办件，校验码一致。${
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

function htmlOf({ centreName, mark, tone, title, text, facts = [], training = false }: Page): string {
  const banner = training ? '<p class="training">演练凭证：只供练习，不作办事依据。</p>' : ''
  const list = facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('')
  return `<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${escaped(title)} · 核对收件凭证</title><style>${style}</style></head>
<body><main>${banner}<section class="${tone}"><h1><span aria-hidden="true">${mark}</span>${escaped(title)}</h1>
<p>${escaped(text)}</p>${list === '' ? '' : `<dl>${list}</dl>`}</section>
<footer>${escaped(centreName)} · 核对收件凭证</footer></main></body>
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
