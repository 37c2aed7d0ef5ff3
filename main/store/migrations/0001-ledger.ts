/** The ledger, whose it is, and what came from the centre. Frozen once landed. */
export const sql = `
CREATE TABLE entries (
  seq            INTEGER PRIMARY KEY CHECK (seq >= 1),
  kind           TEXT NOT NULL,
  version        INTEGER NOT NULL CHECK (version >= 1),
  subject        TEXT NOT NULL,
  actor          TEXT NOT NULL,
  at             TEXT NOT NULL,
  payload        TEXT, -- canonical JSON; NULL once erased
  payload_digest TEXT NOT NULL,
  prev           TEXT NOT NULL,
  hash           TEXT NOT NULL UNIQUE
) STRICT;
CREATE INDEX entries_by_subject ON entries (subject, seq);
CREATE INDEX entries_by_kind ON entries (kind, seq);

CREATE TRIGGER entries_follow_the_chain BEFORE INSERT ON entries
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entries)
  OR (NEW.seq > 1 AND NEW.prev IS NOT (SELECT hash FROM entries WHERE seq = NEW.seq - 1))
BEGIN SELECT RAISE(ABORT, 'an entry must follow the last one'); END;

CREATE TRIGGER entries_are_never_deleted BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;

CREATE TRIGGER entries_change_only_by_erasure BEFORE UPDATE ON entries
WHEN NEW.payload IS NOT NULL
  OR NEW.seq IS NOT OLD.seq OR NEW.kind IS NOT OLD.kind OR NEW.version IS NOT OLD.version
  OR NEW.subject IS NOT OLD.subject OR NEW.actor IS NOT OLD.actor OR NEW.at IS NOT OLD.at
  OR NEW.payload_digest IS NOT OLD.payload_digest OR NEW.prev IS NOT OLD.prev OR NEW.hash IS NOT OLD.hash
BEGIN SELECT RAISE(ABORT, 'an entry may only lose its payload'); END;

CREATE TABLE subject_secrets (
  subject TEXT PRIMARY KEY,
  secret  TEXT -- 32 hexadecimal digits; NULL once the subject is erased
) STRICT;

CREATE TABLE station (
  only              INTEGER PRIMARY KEY CHECK (only = 1),
  id                TEXT NOT NULL,
  name              TEXT NOT NULL,
  division_code     TEXT NOT NULL,
  window_name       TEXT NOT NULL,
  created_at        TEXT NOT NULL,
  private_key       TEXT NOT NULL, -- Ed25519, PKCS#8 DER, base64
  public_key        TEXT NOT NULL, -- Ed25519, SPKI DER, base64
  centre_id         TEXT,
  centre_url        TEXT,
  centre_public_key TEXT           -- Ed25519, SPKI DER, base64
) STRICT;

CREATE TABLE acknowledged (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  seq  INTEGER NOT NULL CHECK (seq >= 1),
  hash TEXT NOT NULL,
  at   TEXT NOT NULL
) STRICT;

CREATE TABLE feed_items (
  cursor      INTEGER PRIMARY KEY CHECK (cursor >= 1),
  bytes       TEXT NOT NULL, -- the item as it came
  hash        TEXT NOT NULL,
  received_at TEXT NOT NULL
) STRICT;

CREATE TABLE feed_cursor (
  only   INTEGER PRIMARY KEY CHECK (only = 1),
  cursor INTEGER NOT NULL CHECK (cursor >= 0),
  at     TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL -- JSON
) STRICT;
`
