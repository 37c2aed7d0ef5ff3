// Owns: the reference centre of the standards' benches: in processes of its own on PostgreSQL where that can be had, else in this one on PGlite.
// Does not own: how either is started (tests/helpers).
// Start here: `startBenchCentre`.
import { type Database, openEmbedded, openPostgres } from '../../central/database.ts'
import { migrate } from '../../central/migrations/index.ts'
import { registerPublisher } from '../../central/standards/publishers.ts'
import { makeEnrolmentCode } from '../../central/stations/enrolment.ts'
import { packMediaType } from '../../main/wire/catalogue/pack.ts'
import { packOf, type TestRelease } from '../helpers/catalogues.ts'
import { startGateway } from '../helpers/centre.ts'
import { startCluster } from '../helpers/cluster.ts'
import { missingForPostgres } from '../helpers/postgres.ts'
import { publisher } from './standards-catalogue.ts'

/** A centre that the bench's publisher is registered at. */
export type BenchCentre = {
  readonly url: string
  readonly database: Database
  /** What it stands on, for the table. */
  readonly told: string
  /** Publishes over HTTP, as `standards publish` does. */
  readonly publish: (release: TestRelease, base: TestRelease | null) => Promise<void>
  /** A one-time code for a station. */
  readonly codeFor: (stationId: string) => Promise<string>
  readonly stop: () => Promise<void>
}

/** Starts it, empty. */
export async function startBenchCentre(): Promise<BenchCentre> {
  const { url, database, told, stop } = await (missingForPostgres() === '' ? onPostgres() : onPglite())
  const order = { publicKey: publisher.publicKey, county: '440282', name: '演练发布人', ifNone: false }
  await registerPublisher(database, order, new Date())
  return {
    ...{ url, database, told, stop },
    publish: async (release, base) => {
      const body = new Uint8Array(await packOf(release, base))
      const reply = await fetch(`${url}/v1/releases`, {
        method: 'POST',
        headers: { 'content-type': packMediaType },
        body,
      })
      if (reply.status !== 200) throw new Error(`the centre took no release: ${await reply.text()}`)
    },
    codeFor: async (stationId) => (await makeEnrolmentCode(database, stationId, new Date())).code,
  }
}

async function onPostgres() {
  const cluster = await startCluster(['--gateways', '1'])
  const database = openPostgres(cluster.databaseUrl)
  const stop = async () => {
    await database.close()
    await cluster.stop()
  }
  const told = `a gateway on PostgreSQL ${cluster.postgres.version.split(' ')[0]}`
  return { url: cluster.gateways[0]?.listening ?? '', database, told, stop }
}

async function onPglite() {
  const database = await openEmbedded()
  await migrate(database)
  const gateway = await startGateway(database)
  const stop = async () => {
    await gateway.stop()
    await database.close()
  }
  return { url: gateway.url, database, told: 'a gateway on PGlite, in the same process', stop }
}
