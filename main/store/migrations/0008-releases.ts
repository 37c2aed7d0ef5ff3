/** Releases of the catalogue: documents by content, manifests as they came, what is in force. Frozen once landed. */
export const sql = `
CREATE TABLE catalogue_documents ( -- every document that was ever kept here, by content; never deleted: cases are pinned to them
  sha256  TEXT PRIMARY KEY,
  kind    TEXT NOT NULL CHECK (kind IN ('calendar', 'matter', 'template', 'theme')),
  id      TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1), -- of a calendar its year
  body    TEXT NOT NULL -- canonical JSON, the bytes of the hash
) STRICT;
CREATE UNIQUE INDEX catalogue_documents_by_version ON catalogue_documents (kind, id, version) WHERE kind <> 'calendar';
INSERT INTO catalogue_documents (sha256, kind, id, version, body) SELECT sha256, 'matter', item_id, version, body FROM standards;
DROP TABLE standards;
DROP TABLE matters_in_force;

CREATE TABLE releases ( -- checked and kept as they came, in force or waiting; never deleted
  sha256       TEXT PRIMARY KEY,
  release      INTEGER NOT NULL CHECK (release >= 1),
  line         TEXT NOT NULL, -- the publisher's first key: numbers count within a line
  publisher    TEXT NOT NULL,
  signature    TEXT NOT NULL,
  manifest     TEXT NOT NULL, -- canonical JSON
  effective_at TEXT NOT NULL,
  kept_at      TEXT NOT NULL,
  UNIQUE (line, release)
) STRICT;

CREATE TABLE release_downloads ( -- what is here of a release that is being fetched
  sha256       TEXT PRIMARY KEY, -- of the release
  base_release INTEGER NOT NULL, -- the pack is for who has this one
  pack_sha256  TEXT NOT NULL,
  size_bytes   INTEGER NOT NULL CHECK (size_bytes >= 1)
) STRICT;
CREATE TABLE release_parts (
  sha256   TEXT NOT NULL REFERENCES release_downloads (sha256) ON DELETE CASCADE,
  start_at INTEGER NOT NULL CHECK (start_at >= 0),
  bytes    BLOB NOT NULL,
  PRIMARY KEY (sha256, start_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE catalogue_applied ( -- projection: what was in force since when; the last one is now
  seq          INTEGER PRIMARY KEY,
  release      INTEGER NOT NULL,
  sha256       TEXT NOT NULL, -- '' for a catalogue from before releases were signed
  line         TEXT NOT NULL,
  from_release INTEGER NOT NULL,
  at           TEXT NOT NULL
) STRICT;

CREATE TABLE documents_in_force ( -- projection
  kind      TEXT NOT NULL,
  id        TEXT NOT NULL,
  version   INTEGER NOT NULL,
  sha256    TEXT NOT NULL,
  since_seq INTEGER NOT NULL, -- of the entry since which these very bytes are in force without a break
  PRIMARY KEY (kind, id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE publisher_pins ( -- projection: whose releases count; the last one now
  seq        INTEGER PRIMARY KEY,
  public_key TEXT NOT NULL,
  line       TEXT NOT NULL,
  how        TEXT NOT NULL,
  release    INTEGER NOT NULL
) STRICT;

CREATE TABLE releases_told ( -- projection of the centre's feed
  sha256       TEXT PRIMARY KEY,
  cursor       INTEGER NOT NULL,
  release      INTEGER NOT NULL,
  effective_at TEXT NOT NULL,
  publisher    TEXT NOT NULL
) STRICT;

CREATE TABLE releases_refused ( -- projection
  sha256  TEXT PRIMARY KEY,
  release INTEGER NOT NULL,
  reason  TEXT NOT NULL, -- the code of the sentence
  said    TEXT NOT NULL, -- what happened, in words
  program TEXT NOT NULL, -- the version that would not have it: another one may
  at      TEXT NOT NULL,
  seq     INTEGER NOT NULL
) STRICT;

CREATE TABLE station_tags ( -- projection of the centre's feed: its words for this station
  tag TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

DROP TABLE published_calendars;
CREATE TABLE published_calendars ( -- projection of the centre's feed
  cursor   INTEGER PRIMARY KEY,
  seq      INTEGER NOT NULL, -- of the entry that put it in its place
  calendar TEXT NOT NULL -- JSON
) STRICT;
`
