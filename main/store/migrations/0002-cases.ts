/** Accounts, drafts, cases and how cases are found. Frozen once landed. */
export const sql = `
CREATE TABLE accounts ( -- projection
  account      TEXT PRIMARY KEY,
  display_name TEXT NOT NULL,
  role         TEXT NOT NULL CHECK (role IN ('clerk', 'approver', 'administrator'))
) STRICT;

CREATE TABLE drafts (
  draft_id         TEXT PRIMARY KEY,
  item_id          TEXT NOT NULL,
  matter_name      TEXT NOT NULL,
  standard_version INTEGER NOT NULL CHECK (standard_version >= 1),
  revision         INTEGER NOT NULL CHECK (revision >= 1),
  answers          TEXT NOT NULL, -- JSON object
  later            TEXT NOT NULL, -- JSON array of requirement ids
  applicant_name   TEXT NOT NULL,
  created_by       TEXT NOT NULL,
  created_at       TEXT NOT NULL,
  updated_at       TEXT NOT NULL
) STRICT;
CREATE INDEX drafts_by_time ON drafts (updated_at);

-- Materials that no entry names yet: of a draft, or brought after 补正 and not yet sent.
CREATE TABLE waiting_materials (
  material_id    TEXT PRIMARY KEY,
  draft_id       TEXT REFERENCES drafts (draft_id) ON DELETE CASCADE,
  case_id        TEXT,
  requirement_id TEXT NOT NULL,
  sha256         TEXT NOT NULL,
  name           TEXT NOT NULL,
  media_type     TEXT NOT NULL,
  size_bytes     INTEGER NOT NULL CHECK (size_bytes >= 1),
  added_at       TEXT NOT NULL,
  CHECK ((draft_id IS NULL) <> (case_id IS NULL))
) STRICT;
CREATE INDEX waiting_materials_by_draft ON waiting_materials (draft_id) WHERE draft_id IS NOT NULL;
CREATE INDEX waiting_materials_by_case ON waiting_materials (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX waiting_materials_by_file ON waiting_materials (sha256);

CREATE TABLE cases ( -- projection
  case_id            TEXT PRIMARY KEY,
  local_number       TEXT NOT NULL UNIQUE,
  received_day       TEXT NOT NULL, -- YYYYMMDD in Asia/Shanghai
  day_number         INTEGER NOT NULL CHECK (day_number >= 1),
  item_id            TEXT NOT NULL,
  matter_code        TEXT NOT NULL,
  matter_name        TEXT NOT NULL,
  standard_version   INTEGER NOT NULL,
  standard_sha256    TEXT NOT NULL,
  acceptance_by      TEXT NOT NULL CHECK (acceptance_by IN ('station', 'centre')),
  applicant_name     TEXT NOT NULL,
  id_number          TEXT NOT NULL,
  phone              TEXT NOT NULL,
  state              TEXT NOT NULL
    CHECK (state IN ('received', 'corrections', 'refused', 'accepted', 'approved', 'denied', 'closed')),
  is_open            INTEGER NOT NULL CHECK (is_open IN (0, 1)),
  is_returned        INTEGER NOT NULL CHECK (is_returned IN (0, 1)),
  accepted_by_centre INTEGER NOT NULL CHECK (accepted_by_centre IN (0, 1)),
  later_open         INTEGER NOT NULL CHECK (later_open >= 0),
  received_at        TEXT NOT NULL,
  received_by        TEXT NOT NULL,
  received_seq       INTEGER NOT NULL UNIQUE,
  received_hash      TEXT NOT NULL,
  last_seq           INTEGER NOT NULL, -- of the last entry that changed the case here
  promised_date      TEXT,
  promised_days      INTEGER NOT NULL,
  promised_unit      TEXT NOT NULL CHECK (promised_unit IN ('workday', 'day')),
  centre_reason      TEXT NOT NULL,
  centre_case_number TEXT NOT NULL,
  UNIQUE (received_day, day_number)
) STRICT;
CREATE INDEX cases_open_of_clerk ON cases (received_by, received_seq) WHERE is_open = 1;
CREATE INDEX cases_open_by_promise ON cases (promised_date, received_seq) WHERE is_open = 1 AND promised_date IS NOT NULL;
CREATE INDEX cases_lacking ON cases (received_seq) WHERE later_open > 0;
CREATE INDEX cases_returned ON cases (received_seq) WHERE is_returned = 1;
CREATE INDEX cases_by_last_entry ON cases (last_seq, received_seq);
CREATE INDEX cases_by_matter ON cases (item_id, received_seq);
CREATE INDEX cases_of_person ON cases (id_number, item_id);

CREATE TABLE case_materials ( -- projection
  material_id    TEXT PRIMARY KEY,
  case_id        TEXT NOT NULL REFERENCES cases (case_id),
  requirement_id TEXT NOT NULL,
  sha256         TEXT NOT NULL,
  name           TEXT NOT NULL,
  media_type     TEXT NOT NULL,
  size_bytes     INTEGER NOT NULL,
  added_at       TEXT NOT NULL,
  seq            INTEGER NOT NULL
) STRICT;
CREATE INDEX case_materials_by_case ON case_materials (case_id, seq);
CREATE INDEX case_materials_by_file ON case_materials (sha256);

CREATE TABLE case_later ( -- projection: what was promised (容缺后补)
  case_id        TEXT NOT NULL REFERENCES cases (case_id),
  requirement_id TEXT NOT NULL,
  due_date       TEXT, -- NULL where the calendar was unknown
  is_open        INTEGER NOT NULL CHECK (is_open IN (0, 1)),
  PRIMARY KEY (case_id, requirement_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_decisions ( -- projection of the centre's feed
  cursor             INTEGER PRIMARY KEY,
  case_id            TEXT NOT NULL,
  decision           TEXT NOT NULL,
  reason             TEXT NOT NULL,
  centre_case_number TEXT NOT NULL,
  officer            TEXT NOT NULL,
  decided_at         TEXT NOT NULL,
  seq                INTEGER NOT NULL
) STRICT;
CREATE INDEX case_decisions_by_case ON case_decisions (case_id, cursor);

CREATE TABLE case_tokens ( -- projection: what a case is found by; a query is a prefix of a token
  token        TEXT NOT NULL,
  received_seq INTEGER NOT NULL,
  PRIMARY KEY (token, received_seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE matter_names ( -- projection: matters that cases were received for, under the names they had
  item_id     TEXT NOT NULL,
  matter_name TEXT NOT NULL,
  times_used  INTEGER NOT NULL,
  PRIMARY KEY (item_id, matter_name)
) STRICT, WITHOUT ROWID;
`
