// Writes an empty database, as PGlite makes it, to standard output (tar.gz). A process of its own: PGlite takes over the one it runs in.
import { gzipSync } from 'node:zlib'
import { PGlite } from '@electric-sql/pglite'

const lite = new PGlite()
await lite.waitReady
const packed = await lite.dumpDataDir('none')
await lite.close()
process.stdout.write(gzipSync(new Uint8Array(await packed.arrayBuffer())))
