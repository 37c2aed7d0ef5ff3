import { changedRefs } from '../../main/wire/catalogue/manifest.ts'
import { openWhole, readReleaseFile } from '../../main/wire/catalogue/release-file.ts'
import type { CountyImpact } from '../../preload/contract/standards/county.ts'
import type { ReleaseOffice } from './office.ts'

/** Whom the release of a file would meet, against the newest one for everybody. Throws FILE_NOT_FOUND, RELEASE_…. */
export async function impactOfFile(office: ReleaseOffice, file: string): Promise<CountyImpact> {
  const { signed } = await openWhole(await readReleaseFile(file))
  const before = (await office.releases()).find(
    ({ targets, release }) => targets === 'all' && release < signed.manifest.release,
  )
  const base =
    before === undefined ? [] : (await openWhole(await office.releasePack(before.release))).signed.manifest.documents
  const changed = changedRefs(base, signed.manifest.documents).map(({ before: was, after }) => after ?? was)
  const itemIds = changed.flatMap((ref) => (ref?.kind === 'matter' ? [ref.id] : []))
  return office.impact({ targets: signed.manifest.targets, itemIds })
}

/** The counts as an officer reads them. */
export function impactInWords({ enrolled, meant, silent, silentDays, matters, towns }: CountyImpact): string {
  const lines = matters.map(({ itemId, version, cases, drafts }) =>
    [`${itemId}`, `第 ${version} 版`, `在办 ${cases} 件`, `草稿 ${drafts} 份`].join('\t'),
  )
  const places = towns.map((town) =>
    [
      town.code,
      `${town.meant} 个窗口`,
      `${town.silent} 个没有音信`,
      `在办 ${town.cases} 件`,
      `草稿 ${town.drafts} 份`,
    ].join('\t'),
  )
  return [
    `发给 ${meant} 个窗口（登记了 ${enrolled} 个），其中 ${silent} 个已有 ${silentDays} 天没有音信。`,
    matters.length === 0
      ? '没有在办的件，也没有草稿要换。'
      : '改动的事项（在办的照原来的标准办完，草稿打开时问要不要换）：',
    ...lines,
    ...(places.length === 0 ? [] : ['按镇：', ...places]),
  ].join('\n')
}
