/** Machines that were replaced, who holds a case now, drafts' last state. Runs the same on PGlite and PostgreSQL 15+. Frozen once landed. */
export const sql = `
-- replaced_by: the station in its place; from then on its key is dead. At a relay as the county says.
alter table stations add column replaced_by text, add column replaced_at timestamptz;
create index stations_replaced on stations (replaced_by) where replaced_by is not null;

-- The station whose place the code gives.
alter table enrolment_codes add column replaces text;

-- Whose case it is now: decisions go there. station_id and seq stay where it was received.
alter table cases add column holder_id text references stations;
update cases set holder_id = station_id;
alter table cases alter column holder_id set not null;
create index cases_of_holder on cases (holder_id);

-- Drafts as their stations last told of them, canonical JSON; no photographs.
create table station_drafts (
  station_id text not null references stations,
  draft_id text not null,
  revision integer not null,
  body text not null,
  told_at timestamptz not null,
  primary key (station_id, draft_id)
);
`
