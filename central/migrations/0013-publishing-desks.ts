/** Whose questions about the whole county are answered, what a case and a draft is pinned to, releases that a relay keeps for its hall. Runs the same on PGlite and PostgreSQL 15+. Frozen once landed. */
export const sql = `
-- Administrators' desks that an officer named. A desk that proves the publisher's key needs no row here.
create table publishing_desks (
  station_id text primary key references stations,
  since timestamptz not null
);

-- The matter by its itemId, as the station named it; '' where the entry was erased before this step.
alter table cases add column item_id text not null default '';
create index cases_open_by_standard on cases (item_id, standard_version) where state not in ('refused', 'denied', 'closed');

-- The matters that a draft is of: one, or those that are chosen of a theme.
create table station_draft_matters (
  station_id text not null,
  draft_id text not null,
  item_id text not null,
  standard_version integer not null,
  primary key (station_id, draft_id, item_id),
  foreign key (station_id, draft_id) references station_drafts on delete cascade on update cascade
);
create index station_draft_matters_by_standard on station_draft_matters (item_id, standard_version);

-- At a relay: releases whole, as the county gave them, and the stations of the hall that they are for.
create table relayed_releases (
  release bigint primary key check (release > 0),
  sha256 text not null,
  -- of the pack; null until it is here
  pack_sha256 text,
  pack bytea
);
alter table relayed_releases alter column pack set storage external;
create table relayed_release_stations (
  release bigint not null references relayed_releases on delete cascade,
  station_id text not null,
  primary key (release, station_id)
);
`
