// Owns: the encrypted SQLite database, its schema and backups, the ledger, the blobs, the vault of its key.
// Does not own: what entry kinds mean and which tables follow from them (main/features), what an entry is (main/wire/entry.ts).
// Start here: `openStore` in open.ts; to add a table, migrations/index.ts; to fill one from the ledger, `Projector`.
export { listBackups } from './backup.ts'
export { type BlobStore, openBlobs } from './blobs.ts'
export { syncFolder, writeFileDurably } from './durable-file.ts'
export type { StoredEntry } from './entry-rows.ts'
export { feedItemsOf, takeHandedDrafts } from './feed-items.ts'
export { type HandedCase, type HandedStep, handedCaseOf, lastPlace } from './handed-cases.ts'
export { stationSubject } from './ledger.ts'
export { openStore, type Store, type StoreOptions } from './open.ts'
export type { Projector, Upcaster } from './projection.ts'
export {
  makePublisherKey,
  openPublisherKey,
  type PublisherKey,
  publisherKeyFrom,
  readPublisherKey,
  withNewPin,
  writePublisherKey,
} from './publisher-key.ts'
export type { Settings } from './settings.ts'
export type { SqlDatabase, SqlValue } from './sql.ts'
export { mapSqliteError } from './sqlite-errors.ts'
export {
  type CentreFacts,
  newStationKeys,
} from './station.ts'
export { createVault, hasVault, openVault, type PinCost, type Vault, type VaultOptions } from './vault.ts'
