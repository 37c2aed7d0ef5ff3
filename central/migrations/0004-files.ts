/** Files: what the entries name, what is on its way, what is here. Frozen once landed. */
export const sql = `
-- Every file that an entry names and that shall come, from the entries; case_id is '' for none.
create table expected_files (
  station_id text not null references stations,
  case_id text not null,
  sha256 text not null,
  class text not null check (class in ('receipt', 'original')),
  name text not null,
  media_type text not null,
  size_bytes bigint not null check (size_bytes > 0),
  seq bigint not null,
  primary key (station_id, case_id, sha256)
);
create index expected_files_by_case on expected_files (case_id);
create index expected_files_by_file on expected_files (sha256);

-- Content that is here, whole and checked; once, whoever sent it.
create table files (
  sha256 text primary key,
  size_bytes bigint not null check (size_bytes > 0),
  stored_at timestamptz not null
);
create index files_stored on files (stored_at);

-- Which station has our word for which content; copy_of is the original that a readable copy was made of.
create table station_files (
  station_id text not null references stations,
  sha256 text not null references files,
  copy_of text,
  arrived_at timestamptz not null,
  primary key (station_id, sha256)
);
create index station_files_by_file on station_files (sha256);
create index station_files_by_original on station_files (copy_of) where copy_of is not null;

create table file_uploads (
  upload_id text primary key,
  station_id text not null references stations,
  sha256 text not null,
  size_bytes bigint not null check (size_bytes > 0),
  copy_of text,
  begun_at timestamptz not null,
  touched_at timestamptz not null
);
create index file_uploads_by_station on file_uploads (station_id, touched_at);
create index file_uploads_touched on file_uploads (touched_at);

-- Who writes to an upload now, over all gateways. Not worth a place in the log: after a crash nobody writes.
create unlogged table file_locks (
  name text primary key,
  holder text not null,
  wanted boolean not null,
  expires_at timestamptz not null
);
`
