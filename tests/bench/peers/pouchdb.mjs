// PouchDB on both ends, as a process of its own: `server` serves a database in memory by express-pouchdb and prints its
// address; `push URL` replicates the documents on its standard input there, live and with PouchDB's own retries, until a
// signal ends it. The packages are installed in this folder when the bench of sync runs.
import { createInterface } from 'node:readline'
import express from 'express'
import makeServer from 'express-pouchdb'
import http from 'pouchdb-adapter-http'
import memory from 'pouchdb-adapter-memory'
import PouchCore from 'pouchdb-core'
import find from 'pouchdb-find'
import mapreduce from 'pouchdb-mapreduce'
import replication from 'pouchdb-replication'

const PouchDB = PouchCore.plugin(memory).plugin(http).plugin(replication).plugin(mapreduce).plugin(find)
const [, , role, url] = process.argv

if (role === 'server') {
  const Stored = PouchDB.defaults({ adapter: 'memory' })
  const app = express()
  app.use('/', makeServer(Stored, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: '/dev/null' }))
  const server = app.listen(0, '127.0.0.1', async () => {
    await new Stored('cases').info()
    console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}/cases` }))
  })
} else {
  const local = new PouchDB('local', { adapter: 'memory' })
  const documents = []
  for await (const line of createInterface({ input: process.stdin })) documents.push(JSON.parse(line))
  await local.bulkDocs(documents)
  local.replicate.to(url, { live: true, retry: true, batch_size: 5, batches_limit: 2 })
  setInterval(() => undefined, 60_000)
}
