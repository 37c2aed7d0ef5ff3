import { createHash } from 'node:crypto'
import { between, type Chance, chanceFrom, oneOf } from '../../main/cli/seed-people.ts'
import { newSubjectSecret } from '../../main/wire/canonical.ts'
import { type Entry, emptyHead, type Head, sealEntry } from '../../main/wire/entry.ts'
import { type BuiltPush, buildPush } from '../../main/wire/packing/push-codec.ts'
import { makeKeyPair, signerOf, signHead } from '../../main/wire/signatures.ts'
import { addDays } from '../../preload/contract/calendar.ts'
import type { Answers, EntryPayload } from '../../preload/contract/entries.ts'
import { idCheckDigit } from '../../preload/contract/identity.ts'

/** What a 收件 with a sealed receipt writes, of an invented person: three entries. */
export type WireCase = {
  readonly received: EntryPayload<'case.received@1'>
  readonly made: EntryPayload<'document.made@1'>
  readonly sealed: EntryPayload<'document.sealed@2'>
}

const stationId = '440282104208-1'
const surnames =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严赖覃洪武莫孔温'
const givenCharacters =
  '伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂玉萍红鹏辉梅玲华飞鑫波斌宇浩凯健俊帆雪婷慧丹莉君海燕洁建国庆志文德荣春福光新宏大天振启淑金爱惠素彩瑞雨欣怡梓涵子轩浩宇诗思佳嘉晨阳旭东南成林森山川水清泉流源永长安康宁和顺祥瑞吉利财旺盛兴家业富贵才学礼义仁孝忠信诚善良'
const villages = [
  '大坪',
  '上洞',
  '下坪',
  '石塘',
  '黄泥坑',
  '竹山',
  '新田',
  '老屋下',
  '水南',
  '桥头',
  '圳背',
  '井头',
  '塘尾',
  '坳上',
  '樟树下',
] as const
const towns = [
  '珠玑镇',
  '乌迳镇',
  '湖口镇',
  '水口镇',
  '油山镇',
  '主田镇',
  '澜河镇',
  '百顺镇',
  '界址镇',
  '坪田镇',
  '黄坑镇',
  '邓坊镇',
] as const
const whoOf = ['本人', '妻子', '丈夫', '儿子', '女儿', '父亲', '母亲', '孙子', '婆婆', '岳父'] as const
const illnesses = [
  '脑梗死',
  '尿毒症',
  '肺癌',
  '股骨骨折',
  '急性心肌梗死',
  '白血病',
  '胃出血',
  '肝硬化',
  '重度烧伤',
  '车祸多处骨折',
] as const
const hospitals = ['市人民医院', '粤北人民医院', '韶关市第一人民医院', '镇卫生院', '省人民医院', '市中医院'] as const
const effects = [
  '家中无其他收入来源',
  '已向亲友借款仍无力承担',
  '无法外出务工',
  '两个孩子还在上学',
  '房屋年久失修',
  '每月还要长期服药',
  '土地已多年无人耕种',
] as const
const relations = ['配偶', '儿子', '女儿', '父亲', '母亲', '孙女', '孙子', '儿媳'] as const
const occupations = [
  '务农',
  '在家待业',
  '在广州务工',
  '小学在读',
  '初中在读',
  '高中在读',
  '无劳动能力',
  '打零工',
] as const
const banks = [
  '南雄农村商业银行',
  '中国邮政储蓄银行南雄市支行',
  '中国农业银行南雄支行',
  '中国建设银行南雄支行',
] as const

function digits(chance: Chance, count: number): string {
  return Array.from({ length: count }, () => between(chance, 0, 9)).join('')
}

function nameOf(chance: Chance): string {
  const character = (list: string) => list.charAt(between(chance, 0, list.length - 1))
  const given = Array.from({ length: chance() < 0.15 ? 1 : 2 }, () => character(givenCharacters)).join('')
  return character(surnames) + given
}

/** The unassigned division 999999: nobody has such a number. */
function idNumberOf(chance: Chance, birthDate: string): string {
  const first17 = `999999${birthDate.replaceAll('-', '')}${digits(chance, 3)}`
  return first17 + idCheckDigit(first17)
}

/** Twenty answers as people give them, of somebody who does not exist: every name, number and text drawn anew. */
function answersOf(chance: Chance): Answers {
  const birthDate = addDays('1938-01-01', between(chance, 0, 22_000))
  const name = nameOf(chance)
  const who = oneOf(chance, whoOf)
  const money = between(chance, 12, 980) * 100
  const relative = () => ({
    name: nameOf(chance),
    relation: oneOf(chance, relations),
    idNumber: idNumberOf(chance, addDays('1940-01-01', between(chance, 0, 28_000))),
    occupation: oneOf(chance, occupations),
    monthlyIncome: between(chance, 0, 40) * 100,
  })
  return {
    ...{ name, idNumber: idNumberOf(chance, birthDate), birthDate },
    sex: oneOf(chance, ['male', 'female']),
    phone: `100${digits(chance, 8)}`,
    division: '440282104208',
    address: `${oneOf(chance, towns)}${oneOf(chance, villages)}村${between(chance, 1, 18)}组${between(chance, 1, 160)}号`,
    placeKind: oneOf(chance, ['household', 'household', 'residence', 'incident']),
    hardshipKind: oneOf(chance, ['illness', 'illness', 'accident', 'disaster', 'spending', 'other']),
    urgent: oneOf(chance, ['no', 'no', 'no', 'yes']),
    happenedOn: addDays('2026-10-01', between(chance, 0, 50)),
    reason: `${who}${between(chance, 1, 12)}月因${oneOf(chance, illnesses)}在${oneOf(chance, hospitals)}住院${between(chance, 3, 60)}天，自付${money}元，${oneOf(chance, effects)}，${oneOf(chance, effects)}。`,
    household: Array.from({ length: between(chance, 0, 2) }, relative),
    otherRelief: oneOf(chance, ['无', '无', '农村低保', '残疾人两项补贴', '特困供养']),
    bankName: oneOf(chance, banks),
    bankAccountName: name,
    bankAccount: `62${digits(chance, 17)}`,
    checkConsent: 'yes',
    agent: oneOf(chance, ['no', 'no', 'no', 'yes']),
    remark: oneOf(chance, ['', '', '申请人行动不便，由村干部上门代收。', '材料原件已核对。']),
  }
}

const random = (chance: Chance, bytes: number) =>
  createHash('sha256')
    .update(String(chance()))
    .update(String(chance()))
    .digest('hex')
    .slice(0, bytes * 2)

function uuidOf(chance: Chance, atMs: number): string {
  const rest = random(chance, 10)
  const time = atMs.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-a${rest.slice(3, 6)}-${rest.slice(6, 18)}`
}

/** The number-th case of a window's days, with the receipt that is printed and sealed at once. */
export function inventWireCase(number: number, atMs: number): WireCase {
  const chance = chanceFrom(`wire:${number}`)
  const [caseId, documentId] = [uuidOf(chance, atMs), uuidOf(chance, atMs + 400)]
  const answers = answersOf(chance)
  const localNumber = `${stationId}-20261123-${String(number).padStart(4, '0')}`
  const file = () => ({
    sha256: random(chance, 32),
    name: `收件凭证-${localNumber}.pdf`,
    mediaType: 'application/pdf' as const,
    sizeBytes: between(chance, 68_000, 92_000),
  })
  const made = {
    documentId,
    caseId,
    kind: 'receipt' as const,
    file: file(),
    quotesSeq: 0,
    quotesHash: '',
    unprintable: [],
  }
  return {
    received: {
      ...{ caseId, localNumber, itemId: 'SAMPLE-LSJZ', matterCode: 'SAMPLE-LSJZ-001', matterName: '临时救助' },
      ...{ standardVersion: 1, standardSha256: 'd1'.repeat(32), acceptanceBy: 'centre' },
      applicant: { name: String(answers.name), idNumber: String(answers.idNumber), phone: String(answers.phone) },
      answers,
      ...{ materials: [], later: [], receivedAtUtc: new Date(atMs).toISOString() },
      promised: { date: addDays('2026-12-14', Math.floor(number / 40)), days: 15, unit: 'workday' },
      training: false,
    },
    made,
    sealed: {
      ...{
        documentId,
        caseId,
        kind: 'receipt',
        title: `收件凭证 ${localNumber}`,
        sealId: '7c1f4a52-3a1b-4c55-9d0e-5b2f6a7c8d9e',
      },
      ...{
        sealName: '政务服务专用章',
        certificateSha256: 'c3'.repeat(32),
        before: made.file.sha256,
        file: file(),
        form: 'page',
      },
      places: [{ page: 1, xMm: 138.25, yMm: 231.5 + between(chance, 0, 9) / 4, widthMm: 42, heightMm: 42 }],
      ...{ reason: '收件', approvedBy: '', leaseId: '0190a1b2-0000-7000-8000-0000000000aa' },
    },
  }
}

/** A ledger of cases, and batches of any stretch of it. */
export class WireLedger {
  readonly entries: Entry[] = []
  readonly #secrets = new Map<string, string>()
  readonly #keys = makeKeyPair()

  /** Takes in a case: what is written of it, in the order in which a window writes it. */
  add({ received, made, sealed }: WireCase, atMs: number): void {
    const { caseId } = received
    const { seq, hash } = this.#append('case.received', 1, caseId, atMs, received)
    this.#append('document.made', 1, caseId, atMs + 310 + (atMs % 97), { ...made, quotesSeq: seq, quotesHash: hash })
    this.#append('document.sealed', 2, caseId, atMs + 420 + (atMs % 89), sealed)
  }

  headAt(seq: number): Head {
    const entry = this.entries[seq - 1]
    return entry === undefined ? emptyHead : { seq, hash: entry.hash }
  }

  /** The batch of a stretch, both ends included, with the secrets of what begins in it. */
  batch(from: number, to: number): BuiltPush {
    const entries = this.entries.slice(from - 1, to)
    const signer = signerOf(this.#keys.privateKey)
    return buildPush({
      ...{ station: stationId, previous: this.headAt(from - 1), entries, secrets: this.#secrets },
      sendSecretsOf: new Set(entries.flatMap(({ kind, subject }) => (kind === 'case.received' ? [subject] : []))),
      signHead: (head) => signHead(signer, stationId, head),
    })
  }

  #append(kind: string, version: number, subject: string, atMs: number, payload: unknown): Entry {
    const secret = this.#secrets.get(subject) ?? newSubjectSecret()
    this.#secrets.set(subject, secret)
    const draft = { kind, version, subject, actor: 'clerk', at: new Date(atMs).toISOString(), payload }
    const entry = sealEntry(stationId, this.headAt(this.entries.length), secret, draft)
    this.entries.push(entry)
    return entry
  }
}

/** A day's work and more: so many cases, some minutes apart. */
export function inventLedger(cases: number, change: (one: WireCase) => WireCase = (one) => one): WireLedger {
  const ledger = new WireLedger()
  const chance = chanceFrom('times')
  let atMs = Date.parse('2026-11-23T00:31:07.412Z')
  for (let number = 1; number <= cases; number++) {
    ledger.add(change(inventWireCase(number, atMs)), atMs)
    atMs += between(chance, 90_000, 600_000)
  }
  return ledger
}
