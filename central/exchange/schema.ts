/** The tables that are written and read. */
export const exchangeTables = ['SB', 'SBCL', 'SL', 'BZGZ', 'BZSL', 'BJ', 'LQDJ'] as const

/** One of them, without its prefix. */
export type ExchangeTable = (typeof exchangeTables)[number]

/** The columns of the interface that are written or read. */
export const interfaceColumns: Readonly<Record<ExchangeTable, readonly string[]>> = {
  SB: ['sblsh', 'sblsh_short', 'sxbm', 'sqrlx', 'sbsj', 'wssbqd', 'obtain_paper_way', 'version'],
  SBCL: ['sblsh', 'version', 'md5'],
  SL: ['sblsh', 'slztdm', 'bslyy', 'slhzh'],
  BZGZ: ['sblsh', 'bzgzsj', 'bzgzyy', 'bzclqd', 'patch_timelimit'],
  BZSL: ['sblsh', 'bzsj'],
  BJ: ['sblsh', 'bjjgdm', 'zfhthyy'],
  LQDJ: ['sblsh'],
}

/** The name of a table in the exchange database. */
export function tableName(table: ExchangeTable): string {
  return `ex_gdbs_${table.toLowerCase()}`
}

/**
 * Makes the exchange tables where they are missing, and adds to those that are there the columns that are ours, all named
 * `cunchuang_…`: what else stands in them stays. For a test, or the first set-up. May be repeated.
 */
export const exchangeSchema = `
create table if not exists ex_gdbs_sb (
  sblsh varchar(50) not null,
  sblsh_short varchar(50),
  sxbm varchar(60) not null,
  sqrlx varchar(1) not null,
  sbsj varchar(15) not null,
  wssbqd varchar(10),
  obtain_paper_way varchar(1),
  version integer not null
);
create table if not exists ex_gdbs_sbcl (sblsh varchar(50) not null, version integer not null, md5 varchar(32));
create table if not exists ex_gdbs_sl (
  sblsh varchar(50) not null,
  slztdm varchar(1) not null,
  bslyy varchar(2000),
  slhzh varchar(50)
);
create table if not exists ex_gdbs_bzgz (
  sblsh varchar(50) not null,
  bzgzsj varchar(15) not null,
  bzgzyy varchar(2000),
  bzclqd varchar(4000),
  patch_timelimit varchar(15)
);
create table if not exists ex_gdbs_bzsl (sblsh varchar(50) not null, bzsj varchar(15) not null);
create table if not exists ex_gdbs_bj (
  sblsh varchar(50) not null,
  bjjgdm varchar(1) not null,
  zfhthyy varchar(2000)
);
create table if not exists ex_gdbs_lqdj (sblsh varchar(50) not null);

create sequence if not exists cunchuang_numbers;
${exchangeTables.map(ownColumns).join('\n')}
alter table ex_gdbs_sbcl
  add column if not exists cunchuang_material_id varchar(36),
  add column if not exists cunchuang_requirement varchar(40),
  add column if not exists cunchuang_form varchar(1),
  add column if not exists cunchuang_sha256 varchar(64);
${['sl', 'bj', 'lqdj'].map((table) => `alter table ex_gdbs_${table} add column if not exists cunchuang_time varchar(15);`).join('\n')}
alter table ex_gdbs_lqdj
  add column if not exists cunchuang_receiver_name varchar(100),
  add column if not exists cunchuang_receiver_id varchar(18);

-- Up to where a station's entries and decisions are written here; moved in the transaction that writes the rows.
create table if not exists cunchuang_positions (
  station_id varchar(40) primary key,
  entry_seq bigint not null,
  feed_cursor bigint not null
);
-- 准予 or 不予 of a case until its 办结 is written.
create table if not exists cunchuang_results (
  sblsh varchar(50) primary key,
  bjjgdm varchar(1) not null,
  reason varchar(2000) not null
);
`

/** Key and order of a row whoever wrote it; which entry or decision ours came from (none twice); when a row of theirs was taken. */
function ownColumns(table: ExchangeTable): string {
  const name = tableName(table)
  return `alter table ${name}
  add column if not exists cunchuang_key uuid not null default gen_random_uuid(),
  add column if not exists cunchuang_number bigint not null default nextval('cunchuang_numbers'),
  add column if not exists cunchuang_source varchar(120),
  add column if not exists cunchuang_read_at timestamptz;
create unique index if not exists ${name}_source on ${name} (cunchuang_source);
create index if not exists ${name}_sblsh on ${name} (sblsh);
create index if not exists ${name}_unread on ${name} (cunchuang_number) where cunchuang_source is null and cunchuang_read_at is null;`
}
