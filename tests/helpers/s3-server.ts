import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from 's3rver'
import type { S3Place } from '../../central/files/s3.ts'

/** A local S3 server with an empty bucket. */
export type TestS3 = { readonly place: S3Place; stop(): Promise<void> }

/** Starts s3rver on loopback, on a folder of its own. */
export async function startS3(): Promise<TestS3> {
  const directory = mkdtempSync(join(tmpdir(), 'cunchuang-s3-'))
  const bucket = 'files'
  const server = new S3rver({
    ...{ port: 0, address: '127.0.0.1', silent: true, directory },
    configureBuckets: [{ name: bucket, configs: [] }],
  })
  const { port } = await server.run()
  // The keys that s3rver knows; nobody's elsewhere.
  const keys = { accessKey: 'S3RVER', secretKey: 'S3RVER' }
  return {
    place: { endpoint: `http://127.0.0.1:${port}`, bucket, region: 'us-east-1', ...keys },
    stop: async () => {
      await server.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
