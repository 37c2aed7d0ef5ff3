import { describe, expect, it } from 'vitest'
import { casesProjector } from '../../main/features/cases/projection.ts'
import { countViews, pageSql, selectPage } from '../../main/features/cases/store.ts'
import { caseViewSchema } from '../../preload/contract/views.ts'
import { receivedCase } from '../helpers/centre.ts'
import { appendAll, draftOf, newStationStore, noCalendars, temporaryFolder } from '../helpers/store.ts'

/** How SQLite would find the rows; every named parameter bound to something. */
function planOf(sql: string): string {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path, { projectors: [casesProjector(noCalendars)] })
  const names = [...sql.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  const parameters = Object.fromEntries(names.map((name) => [name, name.startsWith('items') ? '[]' : '1']))
  const plan = store.db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, parameters)
  store.close()
  return plan.map(({ detail }) => detail).join('\n')
}

const indexOf: Record<string, RegExp> = {
  mine: /cases_open_of_clerk \(received_by=\?\)/,
  due: /cases_open_by_promise/,
  lacking: /cases_lacking/,
  returned: /cases_returned/,
  undelivered: /cases_by_last_entry \(last_seq>\?\)/,
  all: /USING (COVERING )?INDEX/,
}

describe('the queue over many cases', () => {
  it.each(caseViewSchema.options)('finds and counts the view %s by its index, without sorting it all', (view) => {
    const sql = pageSql(view, [])
    const [rows, total] = [planOf(sql.rows), planOf(sql.total)]
    expect([rows, total]).toEqual([
      expect.stringMatching(indexOf[view] ?? /never/),
      expect.stringMatching(indexOf[view] ?? /never/),
    ])
    expect(rows).not.toContain('TEMP B-TREE')
  })

  it('finds words by the tokens that begin with them', () => {
    const plan = planOf(pageSql('all', ['rare', 'rare']).rows)
    expect(plan.match(/SEARCH case_tokens USING PRIMARY KEY \(token>\? AND token<\?\)/g)).toHaveLength(2)
    expect(plan).toContain('SEARCH cases USING INDEX')
    expect(plan).not.toMatch(/SCAN cases\b/)
  })

  it('walks the newest cases where every word is common, and stops counting', () => {
    const { rows, total } = pageSql('all', ['common'])
    expect(planOf(rows)).not.toContain('TEMP B-TREE')
    expect(planOf(rows)).toMatch(
      /SEARCH case_tokens USING .*INDEX case_tokens_by_case \(received_seq=\? AND token>\? AND token<\?\)/,
    )
    expect(total).toContain('LIMIT 500')
    const ofMatter = planOf(pageSql('all', ['rare', 'matter']).rows)
    expect(ofMatter).toContain('SEARCH same USING COVERING INDEX cases_by_matter (item_id=? AND received_seq=?)')
  })
})

describe('the counts of the views', () => {
  const scopes = [0, 3, 999, 1000, 1001, 1500, 5000].map((acknowledgedSeq) => ({
    acknowledgedSeq,
    account: acknowledgedSeq % 2 === 0 ? 'clerk' : 'other',
    dueBy: '2026-04-01',
  }))

  it('are what counting the rows gives, through 收件, 受理, 补正 and erasure, and after a rebuild', () => {
    using folder = temporaryFolder()
    const store = newStationStore(folder.path, { projectors: [casesProjector(noCalendars)] })
    const counted = () =>
      scopes.map((scope) => {
        const byRows = caseViewSchema.options.map((view) => {
          const names = [...pageSql(view, []).total.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
          const used = Object.fromEntries(Object.entries(scope).filter(([name]) => names.includes(name)))
          return [view, store.db.get<{ total: number }>(pageSql(view, []).total, used)?.total]
        })
        return { byCounts: countViews(store.db, scope), byRows: Object.fromEntries(byRows) }
      })
    const ids = Array.from({ length: 1100 }, (_, index) => `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`)
    appendAll(
      store,
      ids.map((caseId, index) => {
        const payload = receivedCase(caseId, `440282104208-1-20260302-${String(index + 1).padStart(4, '0')}`)
        const later = index % 3 === 0 ? [{ requirementId: 'photo', dueDate: null }] : []
        const date = index % 5 === 0 ? null : index % 5 === 1 ? '2026-05-01' : '2026-03-30'
        const actor = index % 4 === 0 ? 'other' : 'clerk'
        return draftOf({
          kind: 'case.received',
          subject: caseId,
          actor,
          payload: { ...payload, later, promised: { ...payload.promised, date } },
        })
      }),
    )
    const accepted = ids
      .slice(0, 40)
      .map((caseId) => draftOf({ kind: 'case.accepted', subject: caseId, payload: { caseId, by: 'station' } }))
    appendAll(store, accepted)
    const material = { materialId: ids[0], requirementId: 'photo', addedAtUtc: '2026-03-02T01:02:03.004Z' }
    const file = { sha256: 'a'.repeat(64), name: 'a.png', mediaType: 'image/png', sizeBytes: 1 }
    const supplement = { caseId: ids[3], materials: [{ ...material, file }], note: '' }
    appendAll(store, [draftOf({ kind: 'case.supplemented', subject: ids[3] ?? '', payload: supplement })])
    store.ledger.acknowledge(store.ledger.head())
    store.ledger.erase({ subject: ids[7] ?? '', actor: 'clerk', reason: '到期' })
    const before = counted()
    for (const { byCounts, byRows } of before) expect(byCounts).toEqual(byRows)
    const tables = store.ledger.snapshotTables()
    store.ledger.rebuild()
    expect(store.ledger.snapshotTables()).toEqual(tables)
    store.close()
  })

  it('finds the same by a common word as by a rare one', () => {
    using folder = temporaryFolder()
    const store = newStationStore(folder.path, { projectors: [casesProjector(noCalendars)] })
    appendAll(
      store,
      Array.from({ length: 30 }, (_, index) => {
        const caseId = `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`
        const payload = receivedCase(caseId, `440282104208-1-20260302-${String(index + 1).padStart(4, '0')}`)
        return draftOf({ kind: 'case.received', subject: caseId, payload })
      }),
    )
    const page = (...words: string[]) => {
      const scope = { account: 'clerk', acknowledgedSeq: 0, dueBy: '2026-04-01' }
      const { rows, total } = selectPage(store.db, 'all', scope, words, { offset: 2, limit: 5 })
      return { seqs: rows.map(({ receivedSeq }) => receivedSeq), total }
    }
    const newest = { seqs: [28, 27, 26, 25, 24], total: 30 }
    expect([page('测试'), page('高龄'), page('高龄', '测试'), page('0003', '高龄'), page('李')]).toEqual([
      newest,
      newest,
      newest,
      { seqs: [], total: 1 },
      { seqs: [], total: 0 },
    ])
    store.close()
  })
})
