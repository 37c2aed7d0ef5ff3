/** An item that is told again after the centre was restored says where it stood first. Runs the same on PGlite and PostgreSQL 15+. Frozen once landed. */
export const sql = `
alter table feed add column again bigint;
`
