import { describe, expect, it } from 'vitest'
import { casesProjector } from '../../main/features/cases/projection.ts'
import { pageSql } from '../../main/features/cases/store.ts'
import { caseViewSchema } from '../../preload/contract/views.ts'
import { newStationStore, temporaryFolder } from '../helpers/store.ts'

/** How SQLite would find the rows; every named parameter bound to something. */
function planOf(sql: string): string {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path, { projectors: [casesProjector] })
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
    const sql = pageSql(view, 0)
    const [rows, total] = [planOf(sql.rows), planOf(sql.total)]
    expect([rows, total]).toEqual([
      expect.stringMatching(indexOf[view] ?? /never/),
      expect.stringMatching(indexOf[view] ?? /never/),
    ])
    expect(rows).not.toContain('TEMP B-TREE')
  })

  it('finds words by the tokens that begin with them', () => {
    const plan = planOf(pageSql('all', 2).rows)
    expect(plan.match(/SEARCH case_tokens USING PRIMARY KEY \(token>\? AND token<\?\)/g)).toHaveLength(2)
    expect(plan).toContain('SEARCH cases USING INDEX')
    expect(plan).not.toMatch(/SCAN cases\b/)
  })
})
