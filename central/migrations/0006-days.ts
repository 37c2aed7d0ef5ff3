/** 日清: what the stations found, day by day; what was told to stations. Runs the same on PGlite and PostgreSQL 15+. Frozen once landed. */
export const sql = `
create index cases_of_station on cases (station_id, seq);
create index expected_files_by_entry on expected_files (station_id, seq);

-- The newest result of each day, from the stations' entries.
create table days_reconciled (
  station_id text not null references stations,
  day text not null,
  seq bigint not null,
  checked_at text not null,
  agreed boolean not null,
  result text not null,
  primary key (station_id, day)
);
create index days_reconciled_by_day on days_reconciled (day);

-- Notices, calendars and directives, each once: repeating an order changes nothing. target: 'all', a town's or a station's code.
create table publications (
  publication_id text primary key,
  number bigint generated always as identity,
  kind text not null,
  target text not null,
  payload text not null,
  stations bigint not null,
  made_at timestamptz not null
);
create index publications_by_kind on publications (kind, number);
`
