/** Cases, files and drafts that came from a machine that was lost. Frozen once landed. */
export const sql = `
CREATE TABLE handed_cases ( -- projection of the centre's feed: cases that another machine received
  case_id          TEXT PRIMARY KEY,
  station_id       TEXT NOT NULL, -- the machine that had it last
  window_name      TEXT NOT NULL,
  received_seq     INTEGER NOT NULL, -- in the ledger of the machine that received it
  received_by_name TEXT NOT NULL,
  taken_at         TEXT NOT NULL
) STRICT;

CREATE TABLE handed_steps ( -- projection of the centre's feed: entries of the machines that had a case
  place      INTEGER PRIMARY KEY, -- below 0, so before every entry of this ledger; in the order in which things happened
  case_id    TEXT NOT NULL,
  station_id TEXT NOT NULL,
  seq        INTEGER NOT NULL,
  kind       TEXT NOT NULL,
  version    INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  at         TEXT NOT NULL,
  payload    TEXT NOT NULL, -- JSON
  hash       TEXT NOT NULL
) STRICT;
CREATE INDEX handed_steps_by_case ON handed_steps (case_id, place);

CREATE TABLE handed_files ( -- projection of the centre's feed: files that those entries name; of a paper the newest alone
  sha256     TEXT NOT NULL,
  case_id    TEXT NOT NULL,
  class      TEXT NOT NULL CHECK (class IN ('receipt', 'original')),
  name       TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size_bytes INTEGER NOT NULL CHECK (size_bytes >= 1),
  place      INTEGER NOT NULL,
  PRIMARY KEY (sha256, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX handed_files_by_case ON handed_files (case_id, place);

CREATE TABLE handed_contents ( -- projection of the centre's feed: what of these files the centre holds
  sha256      TEXT PRIMARY KEY,
  original    INTEGER NOT NULL CHECK (original IN (0, 1)),
  copy_sha256 TEXT,
  copy_bytes  INTEGER,
  CHECK ((copy_sha256 IS NULL) = (copy_bytes IS NULL))
) STRICT;

CREATE TABLE file_fetches ( -- files on their way back from the centre; no row: not begun
  sha256     TEXT PRIMARY KEY, -- of an original or of a readable copy
  wanted_at  TEXT, -- somebody asked for it
  done_at    TEXT, -- it is here
  tries      INTEGER NOT NULL DEFAULT 0,
  next_try   TEXT,
  last_error TEXT -- JSON of a Failure
) STRICT;

CREATE TABLE file_fetch_parts ( -- what is here of a file that is not whole yet: blobs of their own
  sha256      TEXT NOT NULL,
  start_at    INTEGER NOT NULL CHECK (start_at >= 0),
  bytes       INTEGER NOT NULL CHECK (bytes >= 1),
  part_sha256 TEXT NOT NULL,
  PRIMARY KEY (sha256, start_at)
) STRICT, WITHOUT ROWID;

ALTER TABLE drafts ADD COLUMN lost_photos TEXT NOT NULL DEFAULT '[]'; -- JSON: photographs that stayed at the machine that was lost

CREATE TABLE told_drafts ( -- what the centre was told of drafts here
  draft_id TEXT PRIMARY KEY,
  revision INTEGER NOT NULL
) STRICT;

-- Drafts that came and were not taken yet: they become rows of drafts once, whatever is rebuilt.
CREATE INDEX feed_items_of_drafts ON feed_items (cursor) WHERE json_extract(bytes, '$.kind') = 'draft.handed-over';
`
