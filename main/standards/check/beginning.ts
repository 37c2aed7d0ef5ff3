import { dateInWords } from '../../../preload/contract/calendar.ts'
import type { StandardDocument } from '../../../preload/contract/standards/documents.ts'
import type { Finding } from '../../../preload/contract/standards/findings.ts'
import { closureOn } from '../closure.ts'
import { tellingOf } from './telling.ts'

/** A document of a release, and what stands under its name until the release takes effect. */
export type Replacing = {
  /** How findings call it. */
  readonly name: string
  readonly before: StandardDocument | undefined
  readonly after: StandardDocument
}

/**
 * What would be closed at every window although it is open: a release takes the former version away on its day, and this one
 * begins later. Each must be mended.
 * @param day YYYY-MM-DD in Asia/Shanghai: when the release takes effect.
 */
export function checkBeginning(documents: readonly Replacing[], day: string): Finding[] {
  return documents.flatMap(({ name, before, after }) => {
    const from = beginsAfter(after, day)
    if (from === undefined || before === undefined || !isOpenOn(before, day)) return []
    const what = after.kind === 'theme' ? '这个一件事' : '这个事项'
    const { findings, tell } = tellingOf(name, after.kind, after.value)
    tell(
      'must',
      ['effectiveFrom'],
      `这一版${dateInWords(from)}才开始，这次发布${dateInWords(day)}就生效：到那天之前，谁都收不了${what}`,
      `把这一处改成${dateInWords(day)}，或者让这次发布到${dateInWords(from)}才生效`,
    )
    return findings
  })
}

/** The day from which it is open, where that lies after another. */
function beginsAfter(document: StandardDocument, day: string): string | undefined {
  if (document.kind !== 'matter' && document.kind !== 'theme') return undefined
  const isClosedOnly = document.kind === 'matter' && document.value.status !== 'active'
  return document.value.effectiveFrom > day && !isClosedOnly ? document.value.effectiveFrom : undefined
}

function isOpenOn(document: StandardDocument, day: string): boolean {
  if (document.kind === 'theme') return document.value.effectiveFrom <= day
  return document.kind === 'matter' && closureOn(document.value, day) === undefined
}
