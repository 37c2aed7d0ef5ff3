/** Relays that a county let in, and, at a relay, what it keeps of its county and its hall. Runs the same on PGlite and PostgreSQL 15+. Frozen once landed. */
export const sql = `
-- Up to where a station said that it had applied its feed.
alter table stations add column feed_applied bigint not null default 0;

-- At the county: one that works for a town at a time; an earlier one stays, removed.
create table relays (
  relay_id text primary key,
  town text not null check (town ~ '^[0-9]{9}$'),
  name text not null,
  public_key text not null,
  url text,
  enrolled_at timestamptz not null,
  last_seen_at timestamptz,
  removed_at timestamptz
);
create unique index relays_town on relays (town) where removed_at is null;

-- At a relay: its county. A database with this row is a relay's.
create table upstream (
  only_one boolean primary key default true check (only_one),
  url text not null,
  relay_id text not null,
  town text not null,
  centre_id text not null,
  centre_name text not null,
  centre_public_key text not null,
  enrolled_at timestamptz not null,
  last_reached_at timestamptz,
  removed_at timestamptz
);

-- At a relay: what the county last said of each station of the town. acknowledgement: its signed answer to a push, as it came.
create table relayed_stations (
  station_id text primary key references stations,
  county_seq bigint not null,
  county_hash text not null,
  county_cursor bigint not null,
  acknowledgement text,
  trouble text not null default ''
);

-- At a relay: heads that stations signed, so that what is shipped on ends where a signature stands.
create table relayed_heads (
  station_id text not null references stations,
  seq bigint not null,
  hash text not null,
  signature text not null,
  primary key (station_id, seq)
);

-- At a relay: the county's signed pages, as they came.
create table relayed_pages (
  station_id text not null references stations,
  after bigint not null,
  until bigint not null,
  page text not null,
  primary key (station_id, after)
);

-- At a relay: how a file that a window brought goes on to the county. receipt: the county's signed word, as it came; then the content is dropped here.
create table relayed_files (
  station_id text not null references stations,
  sha256 text not null,
  kind text not null check (kind in ('receipt', 'copy', 'original')),
  size_bytes bigint not null,
  copy_of text,
  begun boolean not null default false,
  tries integer not null default 0,
  next_try timestamptz,
  trouble text not null default '',
  receipt text,
  primary key (station_id, sha256)
);
create index relayed_files_waiting on relayed_files (kind, size_bytes) where receipt is null;

-- At a relay: which window has a case in hand, until when.
create table hall_takes (
  case_id text primary key,
  station_id text not null references stations,
  until timestamptz not null
);
create index hall_takes_station on hall_takes (station_id);
`
