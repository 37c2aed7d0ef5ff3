import type { ChainState, Verdict } from '../../preload/contract/verification.ts'
import type { CmsCheck } from './cms-check.ts'

/** From worst to best: a file is no better than its worst seal. */
const worstFirst: readonly Verdict[] = ['invalid', 'unknown', 'changed', 'valid']

/** The worst of several verdicts; `unknown` of none. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return worstFirst.find((verdict) => verdicts.includes(verdict)) ?? 'unknown'
}

/** The verdict on one seal, from what was found of it. */
export function sealVerdict(facts: { state: CmsCheck['state']; chain: ChainState; changed: boolean }): Verdict {
  if (facts.state === 'broken') return 'invalid'
  if (facts.state === 'unsupported' || facts.chain !== 'trusted') return 'unknown'
  return facts.changed ? 'changed' : 'valid'
}

const chainReasons: Readonly<Record<Exclude<ChainState, 'trusted'>, string>> = {
  untrusted: '但签发它的机构不在本机信任的名单里，不能确认是谁盖的',
  expired: '但证书已过期，不能确认是在有效期内盖的',
  notYetValid: '但证书还没有生效，请核对本机的日期',
  unfit: '但它的证书不是用来盖章的',
  revoked: '但证书已被吊销',
}

/** One sentence for a clerk on one seal. `organisation` is what its certificate says, '' where it cannot be read. */
export function sealSentence(facts: {
  state: CmsCheck['state']
  chain: ChainState
  changed: boolean
  organisation: string
}): string {
  const whose = facts.organisation === '' ? '这个印章' : `“${facts.organisation}”的印章`
  if (facts.state === 'broken') return `${whose}无效：盖章后的内容或印章本身被动过，不能采用。`
  if (facts.state === 'unsupported') return `${whose}无法确认：它的算法或格式本机不认识。`
  const after = facts.changed ? '；盖章后文件又有改动，请核对' : ''
  if (facts.chain !== 'trusted') return `${whose}无法确认：印章与内容相符，${chainReasons[facts.chain]}${after}。`
  if (facts.changed) return `${whose}有效，但盖章后文件又有改动，请核对改动的内容。`
  return `${whose}有效：盖章后文件没有改动。`
}

/** One sentence for a clerk on the whole file. */
export function fileSentence(verdict: Verdict, seals: readonly { sentence: string; verdict: Verdict }[]): string {
  const [only] = seals
  if (only === undefined) return '这份文件没有电子印章，无法确认。'
  if (seals.length === 1) return only.sentence
  if (verdict === 'valid') return `${seals.length} 个印章都有效，盖章后文件没有改动。`
  const decisive = seals.find((seal) => seal.verdict === verdict) ?? only
  return `${seals.length} 个印章中，${decisive.sentence}`
}
