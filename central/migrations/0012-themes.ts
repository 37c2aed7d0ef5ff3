/** Cases that were taken in together by a 一件事, as their stations say. Runs the same on PGlite and PostgreSQL 15+. Frozen once landed. */
export const sql = `
create table joined_cases (
  station_id text not null references stations,
  case_id text not null,
  draft_id text not null, -- that became it
  theme_id text not null,
  theme_name text not null,
  theme_version integer not null,
  cases text not null, -- JSON array of the ids of all its cases, in the theme's order
  primary key (station_id, case_id)
);
create index joined_cases_draft on joined_cases (station_id, draft_id);
`
