/** Papers of a case beside the receipt, whose words they have, and of what they were made. Frozen once landed. */
export const sql = `
DROP TABLE documents;
CREATE TABLE documents ( -- projection
  document_id      TEXT PRIMARY KEY,
  case_id          TEXT, -- NULL for a paper that belongs to no case
  kind             TEXT NOT NULL CHECK (kind IN ('receipt', 'acceptance', 'correction', 'refusal', 'laterPromise',
                     'informedPromise', 'closing', 'delivery', 'form', 'own')),
  title            TEXT NOT NULL,
  made_seq         INTEGER NOT NULL UNIQUE, -- for a paper of one's own, of its first impression
  made_at          TEXT NOT NULL,
  quotes_seq       INTEGER,
  quotes_hash      TEXT,
  as_of            TEXT, -- when that happened which it tells; NULL for a receipt
  unprintable      TEXT NOT NULL, -- characters without a glyph, one after another
  template_id      TEXT, -- NULL for the program's own words
  template_version INTEGER CHECK (template_version >= 1),
  template_failed  TEXT NOT NULL, -- why the template that was named was not used; '' for nothing to say
  sha256           TEXT NOT NULL, -- of the newest file
  name             TEXT NOT NULL,
  size_bytes       INTEGER NOT NULL CHECK (size_bytes >= 1),
  impressions      INTEGER NOT NULL CHECK (impressions >= 0),
  sealed_seq       INTEGER UNIQUE, -- of the last impression
  timestamped_at   TEXT,           -- since the last impression
  CHECK ((kind = 'own') = (case_id IS NULL)),
  CHECK ((template_id IS NULL) = (template_version IS NULL))
) STRICT;
CREATE INDEX documents_by_case ON documents (case_id, made_seq) WHERE case_id IS NOT NULL;
CREATE INDEX documents_own ON documents (made_seq) WHERE kind = 'own';
CREATE INDEX documents_waiting ON documents (made_seq) WHERE sealed_seq IS NULL AND kind <> 'form';
CREATE INDEX documents_sealed ON documents (sealed_seq) WHERE sealed_seq IS NOT NULL;
`
