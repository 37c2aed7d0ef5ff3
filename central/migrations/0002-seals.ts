/** What the stations tell of their seals, what the centre let them do, and what it stopped. Runs the same on PGlite and PostgreSQL 15+. Frozen once landed. */
export const sql = `
create table seals (
  station_id text not null references stations,
  certificate_sha256 text not null,
  seal_id text not null,
  name text not null,
  organisation text not null,
  holder text not null,
  algorithm text not null,
  valid_until text not null,
  added_at text not null,
  primary key (station_id, certificate_sha256)
);

-- granted_by: 'centre', or 'station' where a training station granted it itself.
create table seal_leases (
  station_id text not null references stations,
  certificate_sha256 text not null,
  lease_id text not null,
  uses bigint not null,
  from_at text not null,
  until_at text not null,
  item_ids text,
  granted_by text not null check (granted_by in ('centre', 'station')),
  primary key (station_id, certificate_sha256, lease_id)
);

-- Impressions by the lease that they name; '' where they name none.
create table seal_uses (
  station_id text not null references stations,
  certificate_sha256 text not null,
  lease_id text not null,
  impressions bigint not null,
  last_at text not null,
  primary key (station_id, certificate_sha256, lease_id)
);

-- revoked_by: 'centre', or the station that stopped its own seal.
create table seal_revocations (
  certificate_sha256 text not null,
  revoked_by text not null,
  reason text not null,
  revoked_at text not null,
  primary key (certificate_sha256, revoked_by)
);
`
