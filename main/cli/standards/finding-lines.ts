import type { Finding } from '../../../preload/contract/standards/findings.ts'
import { isMust } from '../../standards/index.ts'

/** Findings as lines for people: what must be mended first, each with its place and how. */
export function findingLines(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ severity, document, place, problem, remedy, pointer }) => [
    `${severity === 'must' ? '【必须改】' : '【建议改】'}${plain(document)}：${plain(place)}`,
    `  ${plain(problem)}`,
    `  怎么改：${plain(remedy)}`,
    ...(pointer === '' ? [] : [`  位置：${plain(pointer)}`]),
  ])
}

/** A text in one line that steers no terminal: what a stranger wrote may hold signs that move the cursor or turn the order of words. */
export function plain(text: string): string {
  return text.replaceAll(/\p{Cc}|\p{Cf}/gu, ' ')
}

/** How many of each: `必须改 2 处，建议改 1 处`. */
export function findingCounts(findings: readonly Finding[]): string {
  const must = findings.filter(isMust).length
  const should = findings.length - must
  if (findings.length === 0) return '没有发现问题'
  return must === 0 ? `没有必须改的，建议改 ${should} 处` : `必须改 ${must} 处，建议改 ${should} 处`
}
