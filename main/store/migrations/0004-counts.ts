/** The cases that each view of the queue holds, for one row of `cases`: an undelivered one by thousands of its last entry. */
const membership = (row: 'NEW' | 'OLD' | 'cases', from = '') => `
  SELECT 'all' AS view, '' AS scope${from}
  UNION ALL SELECT 'mine', ${row}.received_by${from} WHERE ${row}.is_open = 1
  UNION ALL SELECT 'due', ${row}.promised_date${from} WHERE ${row}.is_open = 1 AND ${row}.promised_date IS NOT NULL
  UNION ALL SELECT 'lacking', ''${from} WHERE ${row}.later_open > 0
  UNION ALL SELECT 'returned', ''${from} WHERE ${row}.is_returned = 1
  UNION ALL SELECT 'undelivered', printf('%012d', ${row}.last_seq / 1000)${from}`

const add = (row: 'NEW' | 'OLD') => `
  INSERT INTO case_counts (view, scope, total) SELECT view, scope, 1 FROM (${membership(row)}) WHERE TRUE
    ON CONFLICT (view, scope) DO UPDATE SET total = total + 1;`

const subtract = (row: 'NEW' | 'OLD') => `
  UPDATE case_counts SET total = total - 1 WHERE (view, scope) IN (${membership(row)});
  DELETE FROM case_counts WHERE total = 0 AND (view, scope) IN (${membership(row)});`

/**
 * Counts of the queue's views, kept by triggers so that no writer of `cases` can forget them; and a case's words by the case.
 * The counts are filled here from `cases`, which a rebuild would do at a hundred times the cost. Frozen once landed.
 */
export const sql = `
CREATE TABLE case_counts ( -- projection, by triggers on cases
  view  TEXT NOT NULL,
  scope TEXT NOT NULL, -- mine: account; due: promised date; undelivered: thousands of the last entry's seq
  total INTEGER NOT NULL CHECK (total >= 0),
  PRIMARY KEY (view, scope)
) STRICT, WITHOUT ROWID;
INSERT INTO case_counts (view, scope, total)
  SELECT view, scope, count(*) FROM (${membership('cases', ' FROM cases')}) GROUP BY view, scope;
CREATE TRIGGER cases_counted_in AFTER INSERT ON cases BEGIN${add('NEW')}
END;
CREATE TRIGGER cases_counted_again AFTER UPDATE ON cases BEGIN${subtract('OLD')}${add('NEW')}
END;
CREATE TRIGGER cases_counted_out AFTER DELETE ON cases BEGIN${subtract('OLD')}
END;

CREATE INDEX case_tokens_by_case ON case_tokens (received_seq, token);
`
