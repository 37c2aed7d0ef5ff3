/** Files on their way, the link's memory, the days held against the centre, bundles, notices. Frozen once landed. */
export const sql = `
CREATE TABLE sent_files ( -- projection: every file that an entry names and the centre shall have
  sha256     TEXT NOT NULL,
  case_id    TEXT NOT NULL, -- '' for a file of no case
  class      TEXT NOT NULL CHECK (class IN ('receipt', 'original')),
  name       TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size_bytes INTEGER NOT NULL CHECK (size_bytes >= 1),
  seq        INTEGER NOT NULL, -- of the entry that named it first
  due        TEXT NOT NULL, -- the case's promised date; '9999-12-31' where it has none
  from_at    TEXT NOT NULL, -- it is not sent before: the seal of a fresh paper mostly follows at once
  PRIMARY KEY (sha256, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sent_files_by_case ON sent_files (case_id, seq);
CREATE INDEX sent_files_by_entry ON sent_files (seq);

CREATE TABLE file_dues ( -- projection: by when a case is promised, for the files that later entries bring it
  case_id TEXT PRIMARY KEY,
  due     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE readable_copies ( -- small copies of large originals; no row: an original of which none was asked for
  original_sha256 TEXT PRIMARY KEY,
  original_type   TEXT NOT NULL,
  state           TEXT NOT NULL CHECK (state IN ('due', 'made', 'none')), -- none: small enough itself, or nobody can draw it
  sha256          TEXT,
  media_type      TEXT,
  size_bytes      INTEGER CHECK (size_bytes >= 1),
  CHECK ((state = 'made') = (sha256 IS NOT NULL AND media_type IS NOT NULL AND size_bytes IS NOT NULL))
) STRICT;
CREATE INDEX readable_copies_due ON readable_copies (original_sha256) WHERE state = 'due';
CREATE INDEX readable_copies_by_file ON readable_copies (sha256) WHERE state = 'made';

CREATE TABLE file_deliveries ( -- the queue of files, and what the centre said of each; triggers keep it beside sent_files
  sha256     TEXT PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('receipt', 'copy', 'original')),
  rank       INTEGER NOT NULL CHECK (rank BETWEEN 0 AND 2), -- 0 receipts, 1 what is small enough to be read soon, 2 large originals
  due        TEXT NOT NULL,
  from_at    TEXT NOT NULL,
  bytes      INTEGER NOT NULL CHECK (bytes >= 1),
  copy_of    TEXT, -- the original of a readable copy
  begun      INTEGER NOT NULL DEFAULT 0 CHECK (begun IN (0, 1)), -- the centre may have some of it: it is asked how much
  sent_bytes INTEGER NOT NULL DEFAULT 0 CHECK (sent_bytes >= 0),
  at_hall    TEXT, -- the relay that said it has all of it; of no worth under another relay
  arrived_at TEXT, -- the centre's confirmation
  receipt    TEXT, -- as it came, signed
  tries      INTEGER NOT NULL DEFAULT 0,
  next_try   TEXT,
  last_error TEXT, -- JSON of a Failure
  CHECK ((arrived_at IS NULL) = (receipt IS NULL))
) STRICT;
CREATE INDEX file_deliveries_waiting ON file_deliveries (rank, due, bytes, sha256) WHERE arrived_at IS NULL;
CREATE INDEX file_deliveries_begun ON file_deliveries (sent_bytes) WHERE arrived_at IS NULL AND sent_bytes > 0;
CREATE INDEX file_deliveries_copies ON file_deliveries (copy_of) WHERE copy_of IS NOT NULL;

CREATE TRIGGER file_named AFTER INSERT ON sent_files BEGIN
  INSERT INTO file_deliveries (sha256, kind, rank, due, from_at, bytes)
  VALUES (new.sha256, new.class, CASE WHEN new.class = 'receipt' THEN 0 WHEN new.size_bytes <= 153600 THEN 1 ELSE 2 END,
    new.due, new.from_at, new.size_bytes)
  ON CONFLICT (sha256) DO UPDATE SET rank = min(rank, excluded.rank), due = min(due, excluded.due),
    from_at = min(from_at, excluded.from_at);
  INSERT INTO file_deliveries (sha256, kind, rank, due, from_at, bytes, copy_of)
  SELECT copy.sha256, 'copy', 1, new.due, new.from_at, copy.size_bytes, new.sha256 FROM readable_copies AS copy
  WHERE copy.original_sha256 = new.sha256 AND copy.state = 'made' AND new.class = 'original'
  ON CONFLICT (sha256) DO UPDATE SET due = min(due, excluded.due);
END;
CREATE TRIGGER file_unnamed AFTER DELETE ON sent_files
WHEN NOT EXISTS (SELECT 1 FROM sent_files WHERE sha256 = old.sha256) BEGIN
  DELETE FROM file_deliveries WHERE arrived_at IS NULL AND (sha256 = old.sha256 OR copy_of = old.sha256);
END;
CREATE TRIGGER file_copied AFTER UPDATE OF state ON readable_copies WHEN new.state = 'made' BEGIN
  INSERT INTO file_deliveries (sha256, kind, rank, due, from_at, bytes, copy_of)
  SELECT new.sha256, 'copy', 1, min(due), min(from_at), new.size_bytes, new.original_sha256 FROM sent_files
  WHERE sha256 = new.original_sha256 AND class = 'original' GROUP BY sha256
  ON CONFLICT (sha256) DO NOTHING;
END;

CREATE INDEX entries_by_time ON entries (at); -- by the station's clock: the entries of a day

CREATE TABLE days_reconciled ( -- projection: the newest result of each day
  day    TEXT PRIMARY KEY,
  seq    INTEGER NOT NULL,
  result TEXT NOT NULL -- JSON
) STRICT;

CREATE TABLE notices ( -- projection of the centre's feed
  cursor   INTEGER PRIMARY KEY,
  text     TEXT NOT NULL,
  urgent   INTEGER NOT NULL CHECK (urgent IN (0, 1)),
  given_at TEXT NOT NULL,
  read_seq INTEGER
) STRICT;

CREATE TABLE published_calendars ( -- projection of the centre's feed
  cursor   INTEGER PRIMARY KEY,
  calendar TEXT NOT NULL -- JSON
) STRICT;

CREATE TABLE directives ( -- projection of the centre's feed: what this station was told to do; done ones are noted in settings
  cursor   INTEGER PRIMARY KEY,
  action   TEXT NOT NULL,
  given_at TEXT NOT NULL
) STRICT;

CREATE TABLE hall_relay ( -- projection of the centre's feed: the relay that the county lets in here
  only       INTEGER PRIMARY KEY CHECK (only = 1),
  relay_id   TEXT NOT NULL,
  name       TEXT NOT NULL,
  public_key TEXT NOT NULL,
  url        TEXT
) STRICT;

CREATE TABLE relayed ( -- up to where the hall's relay says that it holds the ledger; of no worth under another relay
  only     INTEGER PRIMARY KEY CHECK (only = 1),
  relay_id TEXT NOT NULL,
  seq      INTEGER NOT NULL CHECK (seq >= 0),
  hash     TEXT NOT NULL,
  at       TEXT NOT NULL
) STRICT;

CREATE TABLE bundles ( -- what was written to sticks here
  bundle_id   TEXT PRIMARY KEY,
  file        TEXT NOT NULL, -- its name on the stick
  made_at     TEXT NOT NULL,
  from_seq    INTEGER NOT NULL CHECK (from_seq >= 1), -- its first entry
  with_files  INTEGER NOT NULL CHECK (with_files IN (0, 1)),
  finished_at TEXT,
  returned_at TEXT -- when the centre's answer was taken in
) STRICT;

CREATE TABLE bundle_segments ( -- how far an unfinished bundle had come after each of its segments
  bundle_id   TEXT NOT NULL REFERENCES bundles,
  number      INTEGER NOT NULL CHECK (number >= 1),
  head        TEXT NOT NULL, -- hexadecimal: known again on the stick by it
  next_seq    INTEGER NOT NULL,
  file_sha256 TEXT, -- a file of which only the beginning is in
  file_offset INTEGER NOT NULL CHECK (file_offset >= 0),
  PRIMARY KEY (bundle_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE bundle_files ( -- files that are whole in a bundle, by the segment in which they end
  bundle_id TEXT NOT NULL REFERENCES bundles,
  sha256    TEXT NOT NULL,
  number    INTEGER NOT NULL CHECK (number >= 1),
  PRIMARY KEY (bundle_id, sha256)
) STRICT, WITHOUT ROWID;
`
