import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { AppError } from '../../preload/contract/errors.ts'
import { ageIdentityOf } from '../wire/bundle/keys.ts'
import { canonicalBytes } from '../wire/canonical.ts'
import type { Head } from '../wire/entry.ts'
import type { StoreCore } from './core.ts'

/** An Ed25519 key pair: PKCS#8 DER and SPKI DER, base64. */
export type StationKeys = { readonly privateKey: string; readonly publicKey: string }

/** The centre that a station is enrolled at. */
export type CentreFacts = { readonly id: string; readonly url: string; readonly publicKey: string }

/** Whose ledger this is. */
export type StationFacts = {
  /** As on the wire: division code, hyphen, window number. */
  readonly id: string
  readonly name: string
  /** 12 digits of 统计用区划代码. */
  readonly divisionCode: string
  readonly windowName: string
}

/** The station as others see it: without its private key. */
export type Station = StationFacts & {
  readonly createdAtUtc: string
  readonly publicKey: string
  readonly centre?: CentreFacts
}

/** The one station of a store, and what its key signs. The private key never leaves here. */
export type StationKeeper = {
  /** The station, or undefined before `create`. */
  readonly find: () => Station | undefined
  /** The station. Throws `NOT_FOUND` before `create`. */
  readonly read: () => Station
  /** Writes the station, once; a second time is a bug. Keys may be made before by `newStationKeys`, for enrolment. */
  readonly create: (facts: StationFacts, keys: StationKeys) => Station
  /** Notes the centre of an enrolment, or another address of it. */
  readonly setCentre: (centre: CentreFacts) => void
  /** Ed25519 signature over any bytes, 64 bytes. */
  readonly sign: (bytes: Uint8Array) => Buffer
  /** Ed25519 signature over the canonical bytes of {station, seq, hash}, base64, as a push carries it. */
  readonly signHead: (head: Head) => string
  /** The age identity that opens what was encrypted to the station's key: the centre's answers on a stick (main/wire/bundle/keys.ts). */
  readonly ageIdentity: () => string
}

type Row = {
  id: string
  name: string
  division_code: string
  window_name: string
  created_at: string
  public_key: string
  centre_id: string | null
  centre_url: string | null
  centre_public_key: string | null
}

/** Makes a station's key pair. */
export function newStationKeys(): StationKeys {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return {
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  }
}

/** The keeper of the station row. */
export function stationKeeper(core: StoreCore): StationKeeper {
  const { db } = core
  const find = () => {
    const row = db.get<Row>(`SELECT id, name, division_code, window_name, created_at, public_key,
      centre_id, centre_url, centre_public_key FROM station`)
    return row && fromRow(row)
  }
  const read = () => {
    const station = find()
    if (!station) throw new AppError('NOT_FOUND', { what: 'station' })
    return station
  }
  const privateKey = () => {
    const row = db.get<{ private_key: string }>('SELECT private_key FROM station')
    if (!row) throw new AppError('NOT_FOUND', { what: 'station' })
    return row.private_key
  }
  const signBytes = (bytes: Uint8Array) => {
    const key = createPrivateKey({ key: Buffer.from(privateKey(), 'base64'), format: 'der', type: 'pkcs8' })
    return sign(null, bytes, key)
  }
  return {
    find,
    read,
    create(facts, keys) {
      db.run(
        `INSERT INTO station (only, id, name, division_code, window_name, created_at, private_key, public_key)
         VALUES (1, ?, ?, ?, ?, ?, ?, ?)`,
        [
          facts.id,
          facts.name,
          facts.divisionCode,
          facts.windowName,
          core.clock.now().toISOString(),
          keys.privateKey,
          keys.publicKey,
        ],
      )
      return read()
    },
    setCentre(centre) {
      const parameters = [centre.id, centre.url, centre.publicKey]
      const changed = db.run('UPDATE station SET centre_id = ?, centre_url = ?, centre_public_key = ?', parameters)
      if (changed === 0) throw new AppError('NOT_FOUND', { what: 'station' })
    },
    sign: signBytes,
    ageIdentity: () => ageIdentityOf(privateKey()),
    signHead: (head) =>
      signBytes(canonicalBytes({ station: read().id, seq: head.seq, hash: head.hash })).toString('base64'),
  }
}

function fromRow(row: Row): Station {
  const { centre_id: id, centre_url: url, centre_public_key: publicKey } = row
  return {
    id: row.id,
    name: row.name,
    divisionCode: row.division_code,
    windowName: row.window_name,
    createdAtUtc: row.created_at,
    publicKey: row.public_key,
    ...(id !== null && url !== null && publicKey !== null ? { centre: { id, url, publicKey } } : {}),
  }
}
