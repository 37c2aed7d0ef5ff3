/** Publishers, releases of the catalogue and their documents, packs, tags of stations, who has what. Runs the same on PGlite and PostgreSQL 15+. Frozen once landed. */
export const sql = `
-- Whose releases are taken. One works for a county at a time; an earlier one stays, retired.
create table publishers (
  public_key text primary key,
  county text not null check (county ~ '^[0-9]{6}$'),
  name text not null,
  registered_at timestamptz not null,
  retired_at timestamptz,
  -- the release by which the key before it handed over; null where an officer registered it
  by_release bigint
);
create unique index publishers_county on publishers (county) where retired_at is null;

create table releases (
  release bigint primary key check (release > 0),
  sha256 text not null unique,
  -- canonical JSON
  manifest text not null,
  publisher text not null references publishers,
  signature text not null,
  effective_at timestamptz not null,
  -- the key that it hands over to; null for none
  next_key text,
  published_at timestamptz not null
);

create table catalogue_documents (
  sha256 text primary key,
  kind text not null,
  id text not null,
  version integer not null,
  -- canonical JSON
  body text not null
);
create unique index catalogue_documents_version on catalogue_documents (kind, id, version) where kind <> 'calendar';

-- A release for who has another: made once, the same bytes for all gateways.
create table release_packs (
  from_release bigint not null,
  release bigint not null references releases,
  sha256 text not null,
  bytes bytea not null,
  made_at timestamptz not null,
  primary key (from_release, release)
);
alter table release_packs alter column bytes set storage external;

create table station_tags (
  station_id text not null references stations,
  tag text not null,
  primary key (station_id, tag)
);

-- Which release a station was told of, fetched, or would not have. Stations are told once.
create table station_releases (
  station_id text not null references stations,
  release bigint not null,
  told_at timestamptz,
  fetched_at timestamptz,
  refused_at text,
  refused_said text,
  refused_seq bigint,
  primary key (station_id, release)
);

-- What is in force at a station, as its ledger said last.
create table station_catalogues (
  station_id text primary key references stations,
  release bigint not null,
  sha256 text not null,
  seq bigint not null,
  at text not null
);
`
