/** What a publishing desk has of the county: releases that left it out, working copies put aside for another's, releases on sticks; drafts as they were before a move. Frozen once landed. */
export const sql = `
CREATE TABLE releases_fetched ( -- signed by the publisher that counts here; the next release is made on them, whoever they are for
  sha256     TEXT PRIMARY KEY,
  release    INTEGER NOT NULL CHECK (release >= 1),
  line       TEXT NOT NULL, -- the publisher's first key, as in releases
  publisher  TEXT NOT NULL,
  signature  TEXT NOT NULL,
  manifest   TEXT NOT NULL, -- canonical JSON; its documents lie in documents_made where they are nowhere else
  fetched_at TEXT NOT NULL
) STRICT;

CREATE TABLE standard_copies_aside ( -- working copies in whose place another desk's release was taken; nothing is lost
  copy_id      TEXT PRIMARY KEY,
  kind         TEXT NOT NULL CHECK (kind IN ('calendar', 'matter', 'template', 'theme')),
  document_id  TEXT NOT NULL,
  base_sha256  TEXT NOT NULL,
  body         TEXT NOT NULL,
  set_aside_by TEXT NOT NULL,
  set_aside_at TEXT NOT NULL
) STRICT;

CREATE TABLE releases_written ( -- projection: which release was written to which stick by whom; a number that is out is used up
  seq     INTEGER PRIMARY KEY,
  sha256  TEXT NOT NULL,
  stick   TEXT NOT NULL,
  account TEXT NOT NULL,
  at      TEXT NOT NULL
) STRICT;
CREATE INDEX releases_written_by_release ON releases_written (sha256);

CREATE TABLE drafts_before_move ( -- a draft as it was before it was moved to another standard: the way back
  draft_id TEXT PRIMARY KEY REFERENCES drafts (draft_id) ON DELETE CASCADE,
  state    TEXT NOT NULL, -- JSON: answers, promises, materials, and what it was pinned to
  moved_at TEXT NOT NULL
) STRICT;
`
