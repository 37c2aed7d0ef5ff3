// Owns: which cases were taken in together by a 一件事: the entry that says so, the rows that follow, how a case shows it.
// Does not own: the cases themselves (service.ts, projection.ts), what a theme's draft is (drafts).
// Start here: `joinCases`; `joinedOf` reads.
import { z } from 'zod'
import type { Caller } from '../../../preload/contract/api.ts'
import type { EntryPayload } from '../../../preload/contract/entries.ts'
import type { Theme } from '../../../preload/contract/standards/theme.ts'
import type { CaseDetail } from '../../../preload/contract/views.ts'
import type { DeskContext } from '../../desk/feature.ts'
import type { SqlDatabase } from '../../store/index.ts'
import { type CaseRow, selectCase } from './store.ts'

/** The theme by which cases are taken in, their draft, and their ids in the theme's order. */
export type JoinedCases = {
  readonly draftId: string
  readonly theme: Theme
  readonly sha256: string
  readonly caseIds: readonly string[]
}

/** Writes for each case that it was taken in together with the others. Only inside the transaction that receives them. */
export function joinCases(
  context: DeskContext,
  { draftId, theme, sha256, caseIds }: JoinedCases,
  caller: Caller,
): void {
  const said = {
    draftId,
    themeId: theme.themeId,
    themeName: theme.name,
    themeVersion: theme.version,
    themeSha256: sha256,
  }
  const at = context.nowUtc()
  context.store.ledger.append(
    caseIds.map((caseId) => {
      const payload: EntryPayload<'case.joined@1'> = { caseId, ...said, cases: [...caseIds] }
      return { kind: 'case.joined', version: 1, subject: caseId, actor: caller.account, at, payload }
    }),
  )
}

/** Writes the row of a case that was joined, whoever wrote the entry; a second word on it changes nothing. */
export function projectJoined({ caseId, ...said }: EntryPayload<'case.joined@1'>, db: SqlDatabase): void {
  db.run(
    `INSERT INTO joined_cases (case_id, draft_id, theme_id, theme_name, theme_version, cases) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
    [caseId, said.draftId, said.themeId, said.themeName, said.themeVersion, JSON.stringify(said.cases)],
  )
}

/** The first case that a theme's draft became and that is here; undefined for a draft that became none. */
export function firstCaseOf(db: SqlDatabase, draftId: string): CaseRow | undefined {
  const row = db.get<{ cases: string }>('SELECT cases FROM joined_cases WHERE draft_id = ? LIMIT 1', [draftId])
  const ids = row === undefined ? [] : casesSchema.parse(JSON.parse(row.cases))
  return ids.flatMap((id) => selectCase(db, id) ?? [])[0]
}

const casesSchema = z.array(z.string())

/** The theme by which a case was taken in, with all its cases that are here; null for a case of its own. */
export function joinedOf(db: SqlDatabase, caseId: string): CaseDetail['theme'] {
  const row = db.get<{ theme_id: string; theme_name: string; theme_version: number; cases: string }>(
    'SELECT theme_id, theme_name, theme_version, cases FROM joined_cases WHERE case_id = ?',
    [caseId],
  )
  if (row === undefined) return null
  const cases = casesSchema.parse(JSON.parse(row.cases)).flatMap((id) => selectCase(db, id) ?? [])
  return {
    ...{ themeId: row.theme_id, name: row.theme_name, version: row.theme_version },
    cases: cases.map(({ caseId: id, localNumber, matterName }) => ({ caseId: id, localNumber, matterName })),
  }
}
