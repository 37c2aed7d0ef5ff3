/** Matter standards, documents and seals. Frozen once landed. */
export const sql = `
CREATE TABLE standards ( -- every version that was ever in force here, by content
  sha256  TEXT PRIMARY KEY,
  item_id TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  body    TEXT NOT NULL, -- canonical JSON
  UNIQUE (item_id, version)
) STRICT;

CREATE TABLE matters_in_force ( -- projection
  item_id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  sha256  TEXT NOT NULL,
  release INTEGER NOT NULL
) STRICT;

CREATE TABLE documents ( -- projection
  document_id TEXT PRIMARY KEY,
  case_id     TEXT NOT NULL,
  kind        TEXT NOT NULL CHECK (kind IN ('receipt')),
  made_seq    INTEGER NOT NULL UNIQUE,
  made_at     TEXT NOT NULL,
  quotes_seq  INTEGER NOT NULL,
  quotes_hash TEXT NOT NULL,
  unprintable TEXT NOT NULL, -- characters without a glyph, one after another
  sha256      TEXT NOT NULL, -- of the newest file: the sealed one where there is one
  name        TEXT NOT NULL,
  size_bytes  INTEGER NOT NULL CHECK (size_bytes >= 1),
  sealed_seq  INTEGER UNIQUE
) STRICT;
CREATE INDEX documents_by_case ON documents (case_id, made_seq);
CREATE INDEX documents_waiting ON documents (made_seq) WHERE sealed_seq IS NULL;

CREATE TABLE receipts_due ( -- projection: received, and no receipt made yet
  case_id     TEXT PRIMARY KEY,
  received_at TEXT NOT NULL
) STRICT;
CREATE INDEX receipts_due_by_time ON receipts_due (received_at);

CREATE TABLE seal_impressions ( -- projection: 用印登记
  seq         INTEGER PRIMARY KEY,
  seal_id     TEXT NOT NULL,
  document_id TEXT NOT NULL,
  case_id     TEXT NOT NULL,
  sealed_by   TEXT NOT NULL,
  sealed_at   TEXT NOT NULL
) STRICT;
CREATE INDEX seal_impressions_by_seal ON seal_impressions (seal_id);
CREATE INDEX seal_impressions_by_case ON seal_impressions (case_id);

CREATE TABLE seals (
  seal_id            TEXT PRIMARY KEY,
  name               TEXT NOT NULL,
  organisation       TEXT NOT NULL,
  purpose_line       TEXT NOT NULL,
  diameter_mm        INTEGER NOT NULL CHECK (diameter_mm BETWEEN 20 AND 60),
  p12                BLOB NOT NULL, -- opened by its own PIN
  certificate_sha256 TEXT NOT NULL,
  valid_from         TEXT NOT NULL,
  valid_until        TEXT NOT NULL,
  added_at           TEXT NOT NULL,
  failed_tries       INTEGER NOT NULL DEFAULT 0 CHECK (failed_tries >= 0),
  waits              INTEGER NOT NULL DEFAULT 0 CHECK (waits >= 0),
  wait_from          TEXT,
  wait_until         TEXT
) STRICT;
`
