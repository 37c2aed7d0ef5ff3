/** The exchange with the system that is there already: which of its rows were taken as decisions. Runs the same on PGlite and PostgreSQL 15+. Frozen once landed. */
export const sql = `
-- Rows that the other system wrote. open: not taken, tried again at every pass; why says what hinders it.
create table exchange_rows (
  row_key text primary key,
  number bigint not null,
  sblsh text not null,
  said text not null,
  state text not null check (state in ('open', 'taken', 'dismissed')),
  why text not null,
  seen_at timestamptz not null,
  settled_at timestamptz
);
create index exchange_rows_open on exchange_rows (number) where state = 'open';

-- Decisions that came by a row: they are not written back.
create table exchange_decisions (
  station_id text not null references stations,
  cursor bigint not null,
  row_key text not null references exchange_rows,
  primary key (station_id, cursor)
);
`
