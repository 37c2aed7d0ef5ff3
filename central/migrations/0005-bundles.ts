/** Bundles on their way in by couriers, their answers, and what came of each. Runs the same on PGlite and PostgreSQL 15+. Frozen once landed. */
export const sql = `
-- What couriers hand over piece by piece, and the answers that wait for them. Kept until the bundle is taken in, the answer a while longer.
create table bundle_uploads (
  sha256 text primary key,
  courier text not null,
  size_bytes bigint not null check (size_bytes > 0),
  touched_at timestamptz not null,
  -- JSON: what came of it, and since when; null before
  outcome text,
  outcome_at timestamptz,
  -- whether the answer was handed out to its end: who comes then wants a new one
  fetched boolean not null default false
);

create table bundle_bytes (
  sha256 text not null references bundle_uploads on delete cascade,
  part text not null check (part in ('bundle', 'answer')),
  start_at bigint not null check (start_at >= 0),
  size_bytes integer not null check (size_bytes > 0),
  bytes bytea not null,
  primary key (sha256, part, start_at)
);
alter table bundle_bytes alter column bytes set storage external;

-- Every bundle that somebody brought, taken or refused; what its outside said, nothing of its inside.
create table bundle_log (
  log_id bigint generated always as identity primary key,
  at timestamptz not null,
  bundle_id text not null,
  station_id text not null,
  -- the station that carried it; '' where it came by hand
  courier text not null,
  made_at text not null,
  size_bytes bigint not null,
  -- 'taken', 'gap', or the refusal's code
  outcome text not null,
  acknowledged bigint not null,
  new_entries bigint not null,
  files bigint not null,
  broken_files bigint not null
);
`
