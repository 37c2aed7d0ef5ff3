import { Upload } from '@tus/server'
import type { Database } from '../database.ts'

/** What tus wants to know of an upload beside its bytes: in the database, where all gateways see it. Undefined where there is none. */
export async function findUpload(database: Database, id: string, offset: number): Promise<Upload | undefined> {
  const [row] = await database.query<{ size_bytes: number; begun_at: Date }>(
    'select size_bytes, begun_at from file_uploads where upload_id = $1',
    [id],
  )
  return row && new Upload({ id, offset, size: row.size_bytes, creation_date: row.begun_at.toISOString() })
}
