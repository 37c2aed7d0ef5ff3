import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { addDays } from '../../preload/contract/calendar.ts'
import type { Answers } from '../../preload/contract/entries.ts'
import { between, type Chance, chanceFrom, type InventedPerson, inventPerson, oneOf } from './seed-people.ts'

/** What a seed is made from. */
export type SeedPlan = {
  /** The same seed gives the same cases. */
  readonly seed: number
  readonly count: number
  /** How many cases went before: the numbering goes on after them. */
  readonly before: number
  /** YYYY-MM-DD in Asia/Shanghai: the last day on which a case is received. */
  readonly until: string
  /** The station's division code, where the applicants live. */
  readonly divisionCode: string
}

/** An invented case before it is received. */
export type InventedCase = {
  /** UUIDv8 (RFC 9562 §5.8) laid out like a UUIDv7: its 8 tells an invented case from one that was taken in. */
  readonly caseId: string
  readonly receivedAt: Date
  readonly itemId: string
  readonly applicant: Pick<InventedPerson, 'name' | 'idNumber' | 'phone'>
  readonly answers: Answers
  /** Whether materials that may follow later are promised instead of handed in. */
  readonly promisesLater: boolean
}

const fewestCasesADay = 12
/** About three years of working days: as far back as a seed of any size goes. */
const mostDays = 750

/** The cases of a plan, the oldest first. */
export function* inventCases(plan: SeedPlan): Generator<InventedCase> {
  const perDay = Math.max(fewestCasesADay, Math.ceil(plan.count / mostDays))
  const days = weekdaysUntil(plan.until, Math.ceil(plan.count / perDay))
  for (let index = 0; index < plan.count; index++) {
    const day = days[Math.floor(index / perDay)] ?? plan.until
    yield inventCase(plan, plan.before + index, timeOfDay(day, (index % perDay) / perDay))
  }
}

/** So many days from Monday to Friday, the last of them at most `until`. */
function weekdaysUntil(until: string, count: number): string[] {
  const days: string[] = []
  for (let day = until; days.length < count; day = addDays(day, -1)) {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
    if (weekday !== 0 && weekday !== 6) days.push(day)
  }
  return days.reverse()
}

/** From half past eight to five in Asia/Shanghai, by how much of the day's work is done. */
function timeOfDay(day: string, part: number): Date {
  return new Date(Date.parse(`${day}T00:30:00Z`) + Math.floor(part * 8.5 * 3600) * 1000)
}

function inventCase(plan: SeedPlan, number: number, receivedAt: Date): InventedCase {
  const chance = chanceFrom(`${plan.seed}:${number}`)
  const [itemId, matter] = oneOf(chance, matters)
  const oldest = Number(plan.until.slice(0, 4)) - matter.oldest
  const person = inventPerson(chance, oldest, oldest + matter.years)
  const { name, idNumber, phone } = person
  const village = plan.divisionCode
  const living = { division: village, address: `${between(chance, 1, 12)} 组 ${between(chance, 1, 90)} 号` }
  return {
    caseId: inventedId(receivedAt, `${plan.seed}:${number}`),
    receivedAt,
    itemId,
    applicant: { name, idNumber, phone },
    answers: { ...person, ...living, agent: 'no', ...matter.answers(chance, person) },
    promisesLater: chance() < 0.2,
  }
}

const account = (chance: Chance, { name }: InventedPerson) => ({
  bankName: '演练银行',
  bankAccountName: name,
  bankAccount: `6200000000${String(between(chance, 0, 999_999)).padStart(6, '0')}`,
})

type InventedMatter = {
  /** The oldest applicant is born so many years before the seed's last day; the youngest `years` later. */
  readonly oldest: number
  readonly years: number
  readonly answers: (chance: Chance, person: InventedPerson) => Answers
}

/** What the forms of the sample catalogue ask beside who and where somebody is. */
const matters: readonly [[string, InventedMatter], ...[string, InventedMatter][]] = [
  [
    'SAMPLE-GLJT',
    {
      ...{ oldest: 98, years: 12 },
      answers: (chance, person) => ({
        householdHere: 'yes',
        ...account(chance, person),
        living: oneOf(chance, ['alone', 'family', 'family', 'institution']),
      }),
    },
  ],
  [
    'SAMPLE-LSJZ',
    {
      ...{ oldest: 80, years: 55 },
      answers: (chance, person) => {
        const [hardshipKind, reason] = oneOf(chance, hardships)
        return {
          placeKind: oneOf(chance, ['household', 'residence']),
          ...{ hardshipKind, reason },
          urgent: chance() < 0.1 ? 'yes' : 'no',
          ...account(chance, person),
          checkConsent: 'yes',
        }
      },
    },
  ],
  [
    'SAMPLE-CJYL',
    {
      ...{ oldest: 58, years: 35 },
      answers: (chance, person) => ({
        ethnicity: '汉族',
        householdHere: 'yes',
        householdKind: oneOf(chance, ['rural', 'urban', 'resident']),
        ...{ student: 'no', employeeCovered: 'no', specialGroup: 'none' },
        ...account(chance, person),
      }),
    },
  ],
]

const hardships: readonly [[string, string], ...[string, string][]] = [
  ['illness', '演练：家人突发重病住院，自付费用较大，生活暂时困难。'],
  ['accident', '演练：家中失火，衣物和粮食被烧毁，生活暂时困难。'],
  ['disaster', '演练：暴雨冲毁部分房屋，需要临时安置和口粮。'],
  ['spending', '演练：子女上学开支突然增加，家庭一时难以负担。'],
]

/** A UUIDv8 that follows from a text, in the order of time. */
export function inventedId(at: Date, text: string): string {
  const time = at.getTime().toString(16).padStart(12, '0')
  const rest = createHash('sha256').update(text).digest('hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-8${rest.slice(0, 3)}-a${rest.slice(3, 6)}-${rest.slice(6, 18)}`
}

/** The one picture that stands for every paper of invented cases: an empty ruled sheet, PNG. */
export function emptySheet(): Buffer {
  const [width, height] = [840, 1188]
  const rows = Buffer.alloc((width + 1) * height, 0xfa)
  for (let y = 0; y < height; y++) {
    rows[y * (width + 1)] = 0 // this row is stored as it is
    const isRuled = y > 160 && y < height - 120 && y % 48 === 0
    if (isRuled) rows.fill(0xc8, y * (width + 1) + 81, y * (width + 1) + width - 79)
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = 8 // bits a pixel, grey
  const chunks = [chunk('IHDR', head), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks])
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

/** CRC of PNG's chunks (ISO 3309); `crc32` of node:zlib came only with Node 22. */
function crc32(bytes: Buffer): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return (sum ^ 0xffffffff) >>> 0
}
