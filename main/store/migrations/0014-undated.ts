/** What has no date yet, because the calendar of its year is not known: few, looked for each time a release takes effect. Frozen once landed. */
export const sql = `
CREATE INDEX cases_undated ON cases (case_id) WHERE promised_date IS NULL;
CREATE INDEX case_later_undated ON case_later (case_id) WHERE due_date IS NULL;
`
