/** Identity, stations, their ledgers, the cases read from them, and the feed back. Runs the same on PGlite and PostgreSQL 15+. Frozen once landed. */
export const sql = `
create table centre (
  only_one boolean primary key default true check (only_one),
  centre_id text not null,
  name text not null,
  public_key text not null,
  private_key text not null,
  made_at timestamptz not null
);

create table stations (
  station_id text primary key,
  window_name text not null,
  public_key text not null,
  enrolled_at timestamptz not null,
  acknowledged bigint not null default 0,
  head_hash text not null,
  head_signature text,
  feed_cursor bigint not null default 0,
  last_seen_at timestamptz
);

-- Codes are kept as their SHA-256: who reads the table cannot enrol.
create table enrolment_codes (
  code_hash text primary key,
  station_id text not null,
  expires_at timestamptz not null,
  used_by_key text
);

create table seen_nonces (
  station_id text not null,
  nonce text not null,
  created_at timestamptz not null,
  primary key (station_id, nonce)
);
create index seen_nonces_created on seen_nonces (created_at);

-- A subject's salts derive from its secret; erasing the subject erases it.
create table subject_secrets (
  station_id text not null references stations,
  subject text not null,
  secret text not null,
  primary key (station_id, subject)
);

-- payload is canonical JSON as text: jsonb would refuse \\u0000 and renumber; null where it was erased.
create table entries (
  station_id text not null references stations,
  seq bigint not null check (seq > 0),
  kind text not null,
  version integer not null,
  subject text not null,
  actor text not null,
  at text not null,
  payload text,
  payload_digest text not null,
  hash text not null unique,
  received_at timestamptz not null,
  primary key (station_id, seq)
);
create index entries_subject on entries (station_id, subject, seq);

-- A second, different entry under a seq that is taken: kept as evidence, never applied.
create table forks (
  station_id text not null references stations,
  seq bigint not null,
  known_hash text not null,
  offered_hash text not null,
  offered_entry text not null,
  offered_head_seq bigint not null,
  offered_head_hash text not null,
  head_signature text not null,
  seen_at timestamptz not null,
  primary key (station_id, seq, offered_hash)
);

create sequence centre_case_numbers;

create table cases (
  case_id text primary key,
  station_id text not null references stations,
  seq bigint not null,
  local_number text not null,
  centre_number text not null unique,
  matter_code text not null,
  matter_name text not null,
  standard_version integer not null,
  applicant_name text not null,
  received_at text not null,
  state text not null,
  decided_at timestamptz
);
create index cases_local_number on cases (local_number);
create index cases_received on cases (received_at desc, case_id);

create table feed (
  station_id text not null references stations,
  cursor bigint not null check (cursor > 0),
  kind text not null,
  payload text not null,
  made_at timestamptz not null,
  primary key (station_id, cursor)
);
`
