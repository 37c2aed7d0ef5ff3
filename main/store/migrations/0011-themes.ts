/** 一件事 taken in at the window: drafts of themes, and cases that were taken in by one together. Frozen once landed. */
export const sql = `
ALTER TABLE drafts ADD COLUMN theme TEXT NOT NULL DEFAULT ''; -- JSON: what a theme's draft is pinned to; '' for one of one matter

CREATE TABLE joined_cases ( -- projection: the theme by which a case was taken in
  case_id       TEXT PRIMARY KEY,
  draft_id      TEXT NOT NULL, -- that became it
  theme_id      TEXT NOT NULL,
  theme_name    TEXT NOT NULL,
  theme_version INTEGER NOT NULL CHECK (theme_version >= 1),
  cases         TEXT NOT NULL -- JSON array of the ids of all its cases, in the theme's order
) STRICT;
CREATE INDEX joined_cases_by_draft ON joined_cases (draft_id);
`
