/** The administrator's desk of standards: working copies, and releases that were made here. Frozen once landed. */
export const sql = `
CREATE TABLE standard_copies ( -- documents being written: whatever was typed, right or wrong
  copy_id     TEXT PRIMARY KEY,
  kind        TEXT NOT NULL CHECK (kind IN ('calendar', 'matter', 'template', 'theme')),
  document_id TEXT NOT NULL, -- of the document that it was begun from; '' for a new one
  base_sha256 TEXT NOT NULL, -- of the document that it was begun from; '' for a new one
  body        TEXT NOT NULL,
  revision    INTEGER NOT NULL CHECK (revision >= 1),
  release     TEXT NOT NULL, -- SHA-256 of the release that it went out with and that waits to be sent; '' for none
  created_by  TEXT NOT NULL,
  updated_at  TEXT NOT NULL
) STRICT;

CREATE TABLE releases_made ( -- signed here; the centre has them, or they wait
  sha256    TEXT PRIMARY KEY,
  release   INTEGER NOT NULL CHECK (release >= 1),
  publisher TEXT NOT NULL,
  signature TEXT NOT NULL,
  manifest  TEXT NOT NULL, -- canonical JSON
  state     TEXT NOT NULL CHECK (state IN ('waits', 'sent', 'refused')),
  said      TEXT NOT NULL, -- why it was refused or was not sent yet, in words
  made_at   TEXT NOT NULL
) STRICT;

CREATE TABLE documents_made ( -- of releases made here that this station itself has not taken
  sha256 TEXT PRIMARY KEY,
  body   TEXT NOT NULL -- canonical JSON
) STRICT;

CREATE INDEX cases_open_by_standard ON cases (item_id, standard_version) WHERE is_open = 1;

CREATE TABLE publishing_rules ( -- projection: whether a second person has to agree; the last one now
  seq           INTEGER PRIMARY KEY,
  second_person INTEGER NOT NULL CHECK (second_person IN (0, 1))
) STRICT;
`
