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

CREATE TABLE readable_copies ( -- small pictures of large originals; can be made again from them
  original_sha256 TEXT PRIMARY KEY,
  sha256          TEXT, -- NULL where the original is small enough itself, or cannot be read
  media_type      TEXT NOT NULL,
  size_bytes      INTEGER NOT NULL CHECK (size_bytes >= 0),
  made_at         TEXT NOT NULL
) STRICT;

CREATE TABLE file_deliveries ( -- what the centre said of each file
  sha256     TEXT PRIMARY KEY,
  sent_bytes INTEGER NOT NULL CHECK (sent_bytes >= 0),
  arrived_at TEXT, -- the centre's confirmation
  receipt    TEXT, -- as it came, signed
  tries      INTEGER NOT NULL DEFAULT 0,
  next_try   TEXT,
  last_error TEXT -- JSON of a Failure
) STRICT;

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
`
