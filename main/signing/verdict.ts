import type { ChainState, CheckedSeal, PdfVerdict, SealedChange, Verdict } from '../../preload/contract/verification.ts'
import type { BoxToSee } from '../pdf/index.ts'

/** What was found of a seal itself: as of its CMS, or that it was taken out of the file. */
export type SealState = 'intact' | 'broken' | 'unsupported' | 'removed'

/** A change after a seal, and what has to be looked at before it leaves the seal 有效. */
export type FoundAfterSeal = SealedChange & { readonly toSee: readonly BoxToSee[] }

/** All that was found of a seal, before the verdict on it. */
export type SealFindings = Omit<CheckedSeal, 'verdict' | 'sentence' | 'changes' | 'intact'> & {
  readonly state: SealState
  readonly found: readonly FoundAfterSeal[]
}

/** All that was found of a file, before anybody looked at it. */
export type FileFindings = Pick<PdfVerdict, 'pages' | 'revisions'> & { readonly seals: readonly SealFindings[] }

/** A place that was looked at: whether something that could be read before cannot be read any more. */
export type SeenBox = { readonly box: BoxToSee; readonly hides: boolean }

/** From worst to best: a file is no better than its worst seal. */
const worstFirst: readonly Verdict[] = ['invalid', 'unknown', 'changed', 'valid']

/** The worst of several verdicts; `unknown` of none. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return worstFirst.find((verdict) => verdicts.includes(verdict)) ?? 'unknown'
}

/** The verdict on a file from its findings; a place that is not among `seen` counts as hidden content. */
export function judge({ pages, revisions, seals: findings }: FileFindings, seen: readonly SeenBox[]): PdfVerdict {
  const harmless = new Set(seen.filter(({ hides }) => !hides).map(({ box }) => keyOf(box)))
  const hidden = new Set(seen.filter(({ hides }) => hides).map(({ box }) => keyOf(box)))
  const isHarmless = (box: BoxToSee): boolean => harmless.has(keyOf(box)) && !hidden.has(keyOf(box))
  const seals = findings.map((found) => judgeSeal(found, isHarmless))
  const verdict = worst(seals.map((seal) => seal.verdict))
  return { verdict, sentence: fileSentence(verdict, seals), pages, revisions, seals }
}

const keyOf = (box: BoxToSee): string =>
  [box.revision, box.page, box.xMm, box.yMm, box.widthMm, box.heightMm, box.bytesBefore, box.bytesAfter].join()

function judgeSeal({ state, found, ...facts }: SealFindings, isHarmless: (box: BoxToSee) => boolean): CheckedSeal {
  const changes = found.map((one) => settle(one, isHarmless))
  const isChanged = changes.some(({ allowed }) => !allowed)
  const verdict = sealVerdict(state, facts.chain, isChanged)
  const sentence = sealSentence({ ...facts, state, isChanged, changes })
  return { ...facts, intact: state === 'intact', verdict, sentence, changes }
}

/** A seal that may hide something is told as hidden content until it was looked at. */
function settle({ toSee, ...change }: FoundAfterSeal, isHarmless: (box: BoxToSee) => boolean): SealedChange {
  const hiding = toSee.find((box) => !isHarmless(box))
  if (hiding === undefined || !change.allowed) return change
  const sentence = `第 ${hiding.page} 页后来盖的章可能遮住了原来的内容，请核对。`
  return { ...change, kind: 'hidden-content', page: hiding.page, allowed: false, sentence }
}

function sealVerdict(state: SealState, chain: ChainState, isChanged: boolean): Verdict {
  if (state === 'broken' || state === 'removed') return 'invalid'
  if (state === 'unsupported') return 'unknown'
  if (chain === 'revoked') return 'invalid'
  if (chain !== 'trusted') return 'unknown'
  return isChanged ? 'changed' : 'valid'
}

/** For a seal the words end with who sealed, for a timestamp with when. */
const chainReasons: Readonly<Record<Exclude<ChainState, 'trusted' | 'revoked'>, (isTimestamp: boolean) => string>> = {
  untrusted: (isTimestamp) => `签发它的机构不在本机信任的名单里，不能确认是${isTimestamp ? '谁发的' : '谁盖的'}`,
  expired: () => '证书已过期，又没有可信的时间戳，不能确认是在有效期内盖的',
  notYetValid: () => '按证书的有效期，那时证书还没有生效，请核对本机的日期',
  unfit: (isTimestamp) => `它的证书不是用来${isTimestamp ? '发时间戳' : '盖章'}的`,
}

type SentenceFacts = Pick<CheckedSeal, 'kind' | 'chain' | 'organisation' | 'provenAtUtc' | 'changes'> & {
  readonly state: SealState
  readonly isChanged: boolean
}

/** One sentence for a clerk on one seal. */
function sealSentence(facts: SentenceFacts): string {
  const { state, chain, isChanged, kind, changes } = facts
  const isTimestamp = kind === 'timestamp'
  const whose = nameOf(facts)
  if (state === 'removed') return `${whose}无效：它后来被人从文件里去掉了，不能采用。`
  if (state === 'broken') {
    return `${whose}无效：${isTimestamp ? '加上它以后文件' : '盖章后的内容或印章本身'}被动过，不能采用。`
  }
  if (state === 'unsupported') return `${whose}无法确认：它的算法或格式本机不认识。`
  if (chain === 'revoked') return `${whose}无效：它的证书已被吊销，又不能证明是在吊销以前盖的，不能采用。`
  const after = isChanged ? '；此后文件又有改动，请核对' : ''
  if (chain !== 'trusted') {
    return `${whose}无法确认：与内容相符，但${chainReasons[chain](isTimestamp)}${after}。`
  }
  const since = isTimestamp ? '加上以后' : '盖章后'
  if (isChanged) return `${whose}有效，但${since}文件又有改动：${changeWords(changes)}`
  const proven = isTimestamp ? `，证明文件在 ${beijing(facts.provenAtUtc)} 已经存在` : ''
  return `${whose}有效${proven}：${since}文件没有改动。`
}

function nameOf({ kind, organisation }: Pick<SentenceFacts, 'kind' | 'organisation'>): string {
  const what = { seal: '印章', certification: '首章', timestamp: '时间戳' }[kind]
  return organisation === '' ? `这个${what}` : `“${organisation}”的${what}`
}

/** The first change that is not allowed, and how many there are. */
function changeWords(changes: readonly SealedChange[]): string {
  const [first, ...more] = changes.filter(({ allowed }) => !allowed)
  if (first === undefined) return '请核对改动的内容。'
  if (more.length === 0) return first.sentence
  return `${first.sentence.replace(/。$/, '')}，等 ${more.length + 1} 处，请核对。`
}

const beijing = (iso: string): string =>
  new Date(iso).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai', hour12: false })

/** One sentence for a clerk on the whole file. */
function fileSentence(verdict: Verdict, seals: readonly CheckedSeal[]): string {
  const [only] = seals
  if (only === undefined) return '这份文件没有电子印章，无法确认。'
  if (seals.length === 1) return only.sentence
  const stamps = seals.filter(({ kind }) => kind === 'timestamp').length
  const count = [seals.length > stamps ? `${seals.length - stamps} 个印章` : '', stamps > 0 ? `${stamps} 个时间戳` : '']
    .filter((part) => part !== '')
    .join('和 ')
  if (verdict === 'valid') return `${count}${seals.length === 2 && stamps === 1 ? '' : '都'}有效，盖章后文件没有改动。`
  const decisive = seals.find((seal) => seal.verdict === verdict) ?? only
  return `${count}中，${decisive.sentence}`
}
