import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { Change } from '../../../preload/contract/standards/findings.ts'
import { placeName } from '../../desk/divisions.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { compareDocuments } from '../../standards/index.ts'

/** What changed from one version of a matter to another, places by the names that people know. */
export function matterDifferences({ resources }: DeskContext, before: MatterStandard, after: MatterStandard): Change[] {
  return compareDocuments({ kind: 'matter', value: before }, { kind: 'matter', value: after }, (kind, id) =>
    kind === 'division' ? placeName(resources, id) : undefined,
  )
}
