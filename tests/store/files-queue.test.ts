import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { selectNext, selectPage } from '../../main/features/files/store.ts'
import { openBlobs } from '../../main/store/index.ts'
import { newStationStore, temporaryFolder, testKey } from '../helpers/store.ts'
import { workedMs } from '../helpers/work-time.ts'

describe('bytes of a file from an offset on', () => {
  it.each([0, 1, 65_535, 65_536, 65_537, 131_072, 199_999, 200_000, 300_000])(
    'are those of the whole from %i on',
    async (offset) => {
      using folder = temporaryFolder()
      const blobs = openBlobs({ folder: join(folder.path, 'blobs'), key: testKey })
      const bytes = randomBytes(200_000)
      const { sha256 } = await blobs.put([bytes], { limitBytes: 1 << 20 })
      const read: Buffer[] = []
      for await (const chunk of blobs.readFrom(sha256, offset)) read.push(chunk)
      expect(Buffer.concat(read).equals(bytes.subarray(offset))).toBe(true)
    },
  )
})

describe('the queue of files of 200,000 cases', () => {
  it('gives a page and the next file along one index, each within 10 ms', () => {
    using folder = temporaryFolder()
    const store = newStationStore(folder.path)
    const { db } = store
    const cases = 200_000
    // In one statement: 200,000 of them take a minute and more where others keep the machine busy.
    store.transaction(() => {
      db.run(
        `WITH RECURSIVE numbers(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i < ? - 1)
         INSERT INTO sent_files (sha256, case_id, class, name, media_type, size_bytes, seq, due, from_at)
         SELECT replace(printf('%08x', i) || 'xxxxxxx', 'x', printf('%08x', i)), lower(hex(randomblob(16))), 'original', '照片.jpg',
           'image/jpeg', 100000 + (i % 1000) * 997, i + 1, printf('2026-%02d-01', i % 12 + 1), '2025-01-01T00:00:00.000Z'
         FROM numbers`,
        [cases],
      )
    })
    const plan = db
      .all<{ detail: string }>(
        `EXPLAIN QUERY PLAN SELECT * FROM file_deliveries AS d WHERE arrived_at IS NULL
         ORDER BY d.rank, d.due, d.bytes, d.sha256 LIMIT 50 OFFSET 0`,
      )
      .map(({ detail }) => detail)
    expect(plan.join()).toContain('file_deliveries_waiting')
    expect(plan.join()).not.toContain('TEMP B-TREE')

    const begun = process.cpuUsage()
    for (let round = 0; round < 100; round += 1) {
      expect(selectPage(db, { offset: round * 50, limit: 50 })).toHaveLength(50)
      expect(selectNext(db, '2026-01-01T00:00:00.000Z', 2)).toBeDefined()
    }
    expect(workedMs(begun) / 100).toBeLessThan(10)
    store.close()
  })
})
