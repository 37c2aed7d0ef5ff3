import { join } from 'node:path'
import { type Connection, openConnection } from '../../main/store/connection.ts'
import { testKey } from './store.ts'

/** A second connection past the store's interface, for tests that damage or extend a database. Closed by `using`. */
export function rawConnection(folder: string): { readonly connection: Connection } & Disposable {
  const connection = openConnection({ file: join(folder, 'station.db'), key: testKey })
  return { connection, [Symbol.dispose]: () => void connection.close() }
}
