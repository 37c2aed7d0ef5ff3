/**
 * Seals by custody, lease and revocation; papers of one's own; sealing jobs; timestamps. What is history becomes a
 * projection and is refilled from the ledger; keys stay, and what a seal kept before was is told to the ledger at the next
 * start (`untold`). Until now only training seals could be kept, and those were RSA. Frozen once landed.
 */
export const sql = `
ALTER TABLE seals RENAME TO seals_before;
CREATE TABLE seal_keys ( -- the key material, or where it lies; never in the ledger
  seal_id            TEXT PRIMARY KEY,
  certificate_sha256 TEXT NOT NULL UNIQUE,
  p12                BLOB, -- opened by its own PIN
  token_library      TEXT,
  token_serial       TEXT,
  token_key_id       TEXT,
  untold             TEXT, -- JSON: the payload of the seal.added that the ledger does not have yet
  added_at           TEXT NOT NULL,
  failed_tries       INTEGER NOT NULL DEFAULT 0 CHECK (failed_tries >= 0),
  waits              INTEGER NOT NULL DEFAULT 0 CHECK (waits >= 0),
  wait_from          TEXT,
  wait_until         TEXT,
  CHECK ((p12 IS NULL) <> (token_library IS NULL)),
  CHECK ((token_library IS NULL) = (token_serial IS NULL) AND (token_library IS NULL) = (token_key_id IS NULL))
) STRICT;
INSERT INTO seal_keys (seal_id, certificate_sha256, p12, untold, added_at, failed_tries, waits, wait_from, wait_until)
  SELECT seal_id, certificate_sha256, p12,
    json_object('sealId', seal_id, 'name', name, 'organisation', organisation, 'purposeLine', purpose_line,
      'code', '', 'diameterMm', CASE diameter_mm WHEN 45 THEN 45 ELSE 42 END, 'emblem', 'star', 'holder', 'file',
      'algorithm', 'rsa', 'certificateSha256', certificate_sha256, 'validFromUtc', valid_from,
      'validUntilUtc', valid_until),
    added_at, failed_tries, waits, wait_from, wait_until
  FROM seals_before AS seal
  WHERE NOT EXISTS (SELECT 1 FROM seals_before AS same
    WHERE same.certificate_sha256 = seal.certificate_sha256 AND same.rowid < seal.rowid);
DROP TABLE seals_before;

CREATE TABLE seals ( -- projection
  seal_id            TEXT PRIMARY KEY,
  added_seq          INTEGER NOT NULL UNIQUE,
  added_at           TEXT NOT NULL,
  name               TEXT NOT NULL,
  organisation       TEXT NOT NULL,
  purpose_line       TEXT NOT NULL,
  code               TEXT NOT NULL,
  diameter_mm        INTEGER NOT NULL CHECK (diameter_mm IN (42, 45)),
  emblem             TEXT NOT NULL CHECK (emblem IN ('star', 'national')),
  holder             TEXT NOT NULL CHECK (holder IN ('file', 'token')),
  algorithm          TEXT NOT NULL CHECK (algorithm IN ('rsa', 'ec', 'sm2')),
  certificate_sha256 TEXT NOT NULL UNIQUE,
  valid_from         TEXT NOT NULL,
  valid_until        TEXT NOT NULL,
  keepers            TEXT NOT NULL, -- JSON array of accounts; empty for everybody
  item_ids           TEXT,          -- JSON array of matters; NULL for all
  other_papers       INTEGER NOT NULL CHECK (other_papers IN (0, 1)),
  needs_approval     INTEGER NOT NULL CHECK (needs_approval IN (0, 1))
) STRICT;

CREATE TABLE seal_leases ( -- projection: of a certificate, the one granted last counts
  certificate_sha256 TEXT NOT NULL,
  lease_id           TEXT NOT NULL,
  granted_seq        INTEGER NOT NULL,
  granted_cursor     INTEGER NOT NULL, -- in the centre's feed; 0 for one granted here
  uses               INTEGER NOT NULL CHECK (uses >= 1),
  used               INTEGER NOT NULL CHECK (used >= 0),
  from_at            TEXT NOT NULL,
  until_at           TEXT NOT NULL,
  item_ids           TEXT,             -- JSON array of matters; NULL for all
  seen_at            TEXT NOT NULL,    -- the latest time that the ledger has told since: a clock set back changes nothing
  PRIMARY KEY (certificate_sha256, lease_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX seal_leases_newest ON seal_leases (certificate_sha256, granted_seq, granted_cursor);

CREATE TABLE seal_revocations ( -- projection: also of certificates of other stations, for checking
  certificate_sha256 TEXT PRIMARY KEY,
  reason             TEXT NOT NULL,
  revoked_at         TEXT NOT NULL,
  revoked_by         TEXT NOT NULL CHECK (revoked_by IN ('station', 'centre')),
  seq                INTEGER NOT NULL
) STRICT;

DROP TABLE seal_impressions;
CREATE TABLE seal_impressions ( -- projection: 用印登记
  seq                INTEGER PRIMARY KEY,
  seal_id            TEXT NOT NULL,
  seal_name          TEXT NOT NULL,
  certificate_sha256 TEXT NOT NULL,
  lease_id           TEXT NOT NULL,
  document_id        TEXT NOT NULL,
  case_id            TEXT, -- NULL for a paper that belongs to no case
  title              TEXT NOT NULL,
  reason             TEXT NOT NULL,
  form               TEXT NOT NULL CHECK (form IN ('page', 'slot', 'seam', 'certification')),
  document_sha256    TEXT NOT NULL,
  sealed_by          TEXT NOT NULL,
  approved_by        TEXT NOT NULL,
  sealed_at          TEXT NOT NULL,
  timestamped_at     TEXT,
  places             TEXT NOT NULL -- JSON; last, since it can be long
) STRICT;
CREATE INDEX seal_impressions_by_seal ON seal_impressions (seal_id, sealed_at);
CREATE INDEX seal_impressions_by_time ON seal_impressions (sealed_at);
CREATE INDEX seal_impressions_by_document ON seal_impressions (document_id, seq);
CREATE INDEX seal_impressions_by_case ON seal_impressions (case_id) WHERE case_id IS NOT NULL;
-- An impression whose payload was erased still used a lease up.
CREATE INDEX entries_erased_impressions ON entries (seq) WHERE kind = 'document.sealed' AND payload IS NULL;

DROP TABLE documents;
CREATE TABLE documents ( -- projection
  document_id    TEXT PRIMARY KEY,
  case_id        TEXT, -- NULL for a paper that belongs to no case
  kind           TEXT NOT NULL CHECK (kind IN ('receipt', 'own')),
  title          TEXT NOT NULL,
  made_seq       INTEGER NOT NULL UNIQUE, -- for a paper of one's own, of its first impression
  made_at        TEXT NOT NULL,
  quotes_seq     INTEGER,
  quotes_hash    TEXT,
  unprintable    TEXT NOT NULL, -- characters without a glyph, one after another
  sha256         TEXT NOT NULL, -- of the newest file
  name           TEXT NOT NULL,
  size_bytes     INTEGER NOT NULL CHECK (size_bytes >= 1),
  impressions    INTEGER NOT NULL CHECK (impressions >= 0),
  sealed_seq     INTEGER UNIQUE, -- of the last impression
  timestamped_at TEXT,           -- since the last impression
  CHECK ((kind = 'own') = (case_id IS NULL))
) STRICT;
CREATE INDEX documents_by_case ON documents (case_id, made_seq) WHERE case_id IS NOT NULL;
CREATE INDEX documents_own ON documents (made_seq) WHERE kind = 'own';
CREATE INDEX documents_waiting ON documents (made_seq) WHERE sealed_seq IS NULL;
CREATE INDEX documents_sealed ON documents (sealed_seq) WHERE sealed_seq IS NOT NULL;

CREATE TABLE own_papers ( -- brought in and not yet sealed: no entry tells of them
  document_id TEXT PRIMARY KEY,
  title       TEXT NOT NULL,
  sha256      TEXT NOT NULL,
  size_bytes  INTEGER NOT NULL CHECK (size_bytes >= 1),
  pages       INTEGER CHECK (pages >= 1),
  added_at    TEXT NOT NULL,
  added_by    TEXT NOT NULL
) STRICT;
CREATE INDEX own_papers_by_time ON own_papers (added_at);
CREATE INDEX own_papers_by_file ON own_papers (sha256);

CREATE TABLE sealing_jobs (
  job_id         TEXT PRIMARY KEY,
  request        TEXT NOT NULL, -- JSON, without the approver's PIN
  state          TEXT NOT NULL CHECK (state IN ('running', 'paused', 'cancelled', 'done')),
  paused_because TEXT NOT NULL,
  started_at     TEXT NOT NULL,
  started_by     TEXT NOT NULL,
  approved_by    TEXT NOT NULL -- '' where nobody had to
) STRICT;
CREATE INDEX sealing_jobs_by_time ON sealing_jobs (started_at);

CREATE TABLE sealing_items (
  job_id      TEXT NOT NULL REFERENCES sealing_jobs (job_id) ON DELETE CASCADE,
  position    INTEGER NOT NULL CHECK (position >= 0),
  document_id TEXT NOT NULL,
  title       TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('waiting', 'sealed', 'failed')),
  impressions INTEGER NOT NULL CHECK (impressions >= 0), -- how many of the job's placements are done
  why         TEXT NOT NULL,
  PRIMARY KEY (job_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE timestamps_due (
  document_id TEXT PRIMARY KEY,
  since       TEXT NOT NULL,
  tries       INTEGER NOT NULL CHECK (tries >= 0),
  next_try_at TEXT NOT NULL,
  last_error  TEXT NOT NULL
) STRICT;
CREATE INDEX timestamps_due_by_time ON timestamps_due (next_try_at);
`
