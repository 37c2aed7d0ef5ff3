// Owns: the words of the command line for notices, calendars and directives.
// Does not own: reaching the office (../office/line.ts), what is done (publishing.ts).
// Start here: `runPublishing`.
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { AppError } from '../../preload/contract/errors.ts'
import { directiveItemSchema } from '../../preload/contract/wire.ts'
import { Refusal } from '../refusal.ts'
import { directiveOrderSchema, noticeOrderSchema } from './office-routes.ts'
import type { DirectiveOrder, NoticeOrder, Publication } from './publishing.ts'

/** What the command line needs of the office. */
export type PublishingOffice = {
  publishNotice(order: NoticeOrder): Promise<Publication>
  publishCalendar(calendar: unknown): Promise<Publication>
  giveDirective(order: DirectiveOrder): Promise<Publication>
}

/** The options that these commands know. */
export type PublishingWords = {
  readonly urgent?: boolean
  readonly station?: string
  readonly town?: string
  readonly reason?: string
}

/**
 * Reads `notice 文字`, `calendar publish FILE.json` or `directive send-files|reconcile`; gives what to ask of the office.
 * Throws USAGE, FILE_NOT_FOUND; refuses `malformed` for a file that is no JSON.
 */
export async function readPublishing(
  words: readonly string[],
  options: PublishingWords,
): Promise<(office: PublishingOffice) => Promise<Publication>> {
  const [command, first, second] = words
  if (command === 'notice' && first !== undefined && words.length === 2) {
    const order = noticeOrderSchema.safeParse({
      text: first,
      urgent: options.urgent === true,
      target: targetOf(options),
    })
    if (!order.success) throw new AppError('USAGE')
    return (office) => office.publishNotice(order.data)
  }
  if (command === 'calendar' && first === 'publish' && second !== undefined && words.length === 3) {
    const calendar = await readJson(second)
    return (office) => office.publishCalendar(calendar)
  }
  const action = directiveItemSchema.shape.action.safeParse(first)
  if (command !== 'directive' || !action.success || words.length !== 2) throw new AppError('USAGE')
  const order = directiveOrderSchema.safeParse({
    ...{ action: action.data, reason: options.reason ?? '', target: targetOf(options) },
    orderId: randomUUID(),
  })
  if (!order.success) throw new AppError('USAGE')
  return (office) => office.giveDirective(order.data)
}

/** What came of it, in words. */
export function publicationInWords({ stations, before }: Publication): string {
  if (before) return `已经下发过，没有重复下发（当时 ${stations} 个窗口）。`
  // Only a calendar is kept for those who come later; the rest is refused where nobody hears it.
  if (stations === 0) return '已记下。中心还没有登记任何窗口，以后登记的窗口会收到。'
  return `已下发给 ${stations} 个窗口，各窗口下次联网时收到。`
}

function targetOf({ station, town }: PublishingWords): string {
  if (station !== undefined && town !== undefined) throw new AppError('USAGE')
  return station ?? town ?? 'all'
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('FILE_NOT_FOUND', { name: basename(file) }, { cause })
  })
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    throw new Refusal('malformed', '这个日历不能下发：不是 JSON 文件')
  }
}
