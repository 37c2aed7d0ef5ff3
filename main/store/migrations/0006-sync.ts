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
  PRIMARY KEY (sha256, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sent_files_by_case ON sent_files (case_id, seq);
CREATE INDEX sent_files_by_entry ON sent_files (seq);

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

CREATE TABLE file_deliveries ( -- what the centre said of each file
  sha256     TEXT PRIMARY KEY,
  sent_bytes INTEGER NOT NULL CHECK (sent_bytes >= 0),
  arrived_at TEXT, -- the centre's confirmation
  receipt    TEXT, -- as it came, signed
  tries      INTEGER NOT NULL DEFAULT 0,
  next_try   TEXT,
  last_error TEXT -- JSON of a Failure
) STRICT;

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

CREATE TABLE relayed ( -- up to where the hall's relay holds the ledger
  only INTEGER PRIMARY KEY CHECK (only = 1),
  seq  INTEGER NOT NULL CHECK (seq >= 1),
  hash TEXT NOT NULL,
  at   TEXT NOT NULL
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
