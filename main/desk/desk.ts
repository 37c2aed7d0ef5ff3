// Owns: the desk between closed and open: logging in, sessions, what the login screen shows, handing over to the features.
// Does not own: how calls arrive (server.ts), what the features do.
// Start here: `createDesk`.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { CallInput, CallOutput, Handlers } from '../../preload/contract/api.ts'
import { todayInShanghai } from '../../preload/contract/calendar.ts'
import { AppError } from '../../preload/contract/errors.ts'
import type { Session, StationStatus } from '../../preload/contract/views.ts'
import { createSessions, type Sessions } from '../features/accounts/index.ts'
import { openVault, type PinCost, type Vault } from '../store/index.ts'
import { backUpWhenDue } from './backups.ts'
import { type FeatureGround, type OpenFeatures, openFeatures } from './compose.ts'
import { readDivision } from './divisions.ts'
import { type EnrolmentPlace, keepEnrolling } from './enrolment.ts'
import { askCode, joinCentre } from './joining.ts'
import { type Profile, readProfile, readTraining, writeProfile } from './profile.ts'
import { releaseSampleWhenDue, trainingApprover, vaultOptions } from './training.ts'
import { programVersion } from './version.ts'

/** What a desk stands on. */
export type DeskGround = Omit<FeatureGround, 'station' | 'vault'> & {
  readonly profile: Profile
  readonly enrolment: EnrolmentPlace | undefined
  readonly idleSeconds: number | undefined
  readonly pinCost: PinCost | undefined
  /** Another station waits to take this one's place: the desk is to end, and to be started again. */
  readonly restart: () => void
}

/** A desk, its store closed or open. */
export type Desk = {
  /** The handlers that answer now: those of the features once the store is open. */
  readonly handlers: () => Partial<Handlers>
  /** The session behind an id. Throws LOGIN_NEEDED, or DESK_RESTARTING once the desk is closing. */
  readonly session: (sessionId: string | undefined) => Session
  /** Notes that a person, not a timer, did something. */
  readonly touch: (sessionId: string) => void
  readonly isOpen: () => boolean
  /** The features. Throws LOGIN_NEEDED while the store is closed. */
  readonly features: () => OpenFeatures
  /** The key of the open store in base64, for the shell; undefined while it is closed. */
  readonly key: () => string | undefined
  /** Opens the store without a PIN and takes sessions back: after a crash of the desk. Throws as `openStore`. */
  readonly resume: (key: string, sessions: readonly Session[]) => Promise<void>
  readonly close: () => Promise<void>
}

const longestSweepMs = 15_000
const backupCheckMs = 3_600_000

/** A desk over a data folder whose first start is done. */
export function createDesk(ground: DeskGround): Desk {
  return new DeskOverFolder(ground)
}

class DeskOverFolder implements Desk {
  readonly #ground: DeskGround
  readonly #vault: Vault
  readonly #sessions: Sessions
  readonly #timers: NodeJS.Timeout[]
  #opening: Promise<OpenFeatures> | undefined
  #open: OpenFeatures | undefined
  #isClosing = false
  #openKey: Uint8Array | undefined
  #stopEnrolling: (() => void) | undefined

  constructor(ground: DeskGround) {
    this.#ground = ground
    this.#vault = openVault(vaultOptions(ground))
    this.#sessions = createSessions(ground.clock, ground.idleSeconds)
    const sweepMs = Math.min(longestSweepMs, ((ground.idleSeconds ?? 600) * 1000) / 2)
    this.#timers = [setInterval(this.#lockIdle, sweepMs), setInterval(this.#backUp, backupCheckMs)]
    for (const timer of this.#timers) timer.unref()
  }

  handlers = (): Partial<Handlers> => ({
    ...this.#open?.handlers,
    'station.status': () => this.#status(),
    'station.askCode': ({ centreUrl, code }) => this.#askCode(centreUrl, code),
    'station.join': (wanted) => this.#join(wanted),
    'session.login': ({ account, pin }) => this.#login(account, pin),
    'session.current': (_, caller) => this.session(caller?.sessionId),
    'session.lock': (_, caller) => {
      const session = this.#sessions.end(caller?.sessionId ?? '')
      if (session) this.#closed(session)
      return { done: true }
    },
  })

  session = (sessionId: string | undefined): Session => {
    if (this.#isClosing) throw new AppError('DESK_RESTARTING')
    const session = this.#sessions.find(sessionId ?? '')
    if (!session) throw new AppError('LOGIN_NEEDED')
    return session
  }

  touch = (sessionId: string): void => this.#sessions.touch(sessionId)
  isOpen = (): boolean => this.#open !== undefined

  features = (): OpenFeatures => {
    if (!this.#open) throw new AppError('LOGIN_NEEDED')
    return this.#open
  }

  key = (): string | undefined => this.#openKey && Buffer.from(this.#openKey).toString('base64')

  resume = async (key: string, sessions: readonly Session[]): Promise<void> => {
    const bytes = new Uint8Array(Buffer.from(key, 'base64'))
    if (bytes.length !== 32) throw new AppError('INPUT_INVALID', { field: 'key' })
    const { accounts } = await this.#opened(bytes)
    const known = new Map(accounts.list().map((account) => [account.account, account]))
    for (const session of sessions) {
      const account = known.get(session.account)
      if (account) this.#sessions.restore({ sessionId: session.sessionId, ...account })
    }
  }

  close = async (): Promise<void> => {
    this.#isClosing = true
    for (const timer of this.#timers) clearInterval(timer)
    // The store may be about to open.
    await this.#opening?.catch(() => undefined)
    this.#stopEnrolling?.()
    const open = this.#open
    if (!open) return
    for (const session of this.#sessions.all())
      this.#quietly('session', () => open.accounts.noteClosed(session.account, 'logout'))
    await this.#backUp()
    this.#open = undefined
    await open.close()
  }

  async #login(name: string, pin: string): Promise<Session> {
    const key = await this.#vault.unlock(name, pin)
    const { accounts } = await this.#opened(key)
    const session = this.#sessions.open(accounts.read(name.normalize('NFC').trim()))
    accounts.noteOpened(session.account)
    return session
  }

  /** The open store; two logins at once open it once, and one that is looked at while the desk closes opens nothing. Rejects with DESK_RESTARTING then. */
  async #opened(key: Uint8Array): Promise<OpenFeatures> {
    if (this.#isClosing) throw new AppError('DESK_RESTARTING')
    this.#opening ??= this.#openWith(key).catch((error) => {
      this.#opening = undefined
      throw error
    })
    return await this.#opening
  }

  async #openWith(key: Uint8Array): Promise<OpenFeatures> {
    const { profile, enrolment } = this.#ground
    const { stationId, mode, townName, villageName, windowName } = profile
    assertStoreThere(this.#ground.dataFolder)
    const station = { stationId, mode, townName, villageName, windowName }
    const open = openFeatures({ ...this.#ground, station, vault: this.#vault }, key)
    try {
      if (mode === 'training') {
        await releaseSampleWhenDue(open, this.#ground)
        open.accounts.create(trainingApprover, 'system')
      }
      await open.start()
    } catch (error) {
      await open.close()
      throw error
    }
    this.#open = open
    this.#openKey = key
    this.#showAccounts(open)
    open.context.store.ledger.onAppended((entries) => {
      if (entries.some(({ kind }) => kind === 'account.created')) this.#showAccounts(open)
    })
    if (enrolment && profile.elsewhere !== true) this.#stopEnrolling = keepEnrolling(open.context, open, enrolment)
    return open
  }

  /** The login screen knows everybody also while the store is closed. */
  #showAccounts(open: OpenFeatures): void {
    this.#quietly('profile', () => {
      const { dataFolder } = this.#ground
      const profile = readProfile(dataFolder) ?? this.#ground.profile
      const accounts = open.accounts.list()
      if (!isDeepStrictEqual(profile.accounts, accounts)) writeProfile(dataFolder, { ...profile, accounts })
    })
  }

  /** A live station stays what it is: another one is another machine, or an empty folder. */
  #assertTraining(): void {
    if (this.#ground.profile.mode !== 'training') throw new AppError('NOT_ALLOWED', { reason: 'live' })
  }

  async #askCode(centreUrl: string, code: string): Promise<CallOutput<'station.askCode'>> {
    this.#assertTraining()
    const answer = await askCode(centreUrl, code)
    const { name, townName } = readDivision(this.#ground.resources, answer.stationId.slice(0, 12))
    return { ...answer, townName, villageName: name }
  }

  async #join(wanted: CallInput<'station.join'>): Promise<CallOutput<'station.join'>> {
    this.#assertTraining()
    const { stationId, replaced } = await joinCentre(this.#ground, wanted)
    this.#ground.restart()
    return { stationId, cases: replaced?.cases ?? 0, drafts: replaced?.drafts ?? 0 }
  }

  #status(): StationStatus {
    const { profile, dataFolder, clock } = this.#ground
    const { mode, stationId, townName, villageName, windowName } = profile
    const training = mode === 'training' ? readTraining(dataFolder) : undefined
    return {
      ...{ mode, stationId, townName, villageName, windowName, programVersion },
      accounts: this.#open?.accounts.list() ?? profile.accounts,
      training: training?.approver
        ? {
            ...{ account: training.account, pin: training.pin, sealPin: training.sealPin, approver: training.approver },
            publisherPin: training.publisherPin ?? '',
          }
        : null,
      elsewhere: profile.elsewhere === true,
      storeOpen: this.isOpen(),
      todayInShanghai: todayInShanghai(clock.now()),
    }
  }

  #lockIdle = (): void => {
    const idle = this.#sessions.endIdle()
    for (const session of idle) this.#closed(session)
    if (idle.length > 0) this.#ground.emit({ event: 'locked', payload: {} })
  }

  /** The session is over whatever else fails: a full disk must not keep a screen open. */
  #closed(session: Session): void {
    const open = this.#open
    if (!open) return
    this.#quietly('session', () => open.accounts.noteClosed(session.account, 'lock'))
    open.endSession(session.sessionId)
    if (this.#sessions.all().length === 0) open.lock()
  }

  #backUp = async (): Promise<void> => {
    try {
      if (this.#open) await backUpWhenDue(this.#open.context.store)
    } catch (error) {
      this.#ground.log('backup', error)
    }
  }

  #quietly(what: string, work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#ground.log(what, error)
    }
  }
}

/** A station whose database is gone must not get a new, empty one in its place. Throws STORE_DAMAGED. */
function assertStoreThere(dataFolder: string): void {
  const size = statSync(join(dataFolder, 'station.db'), { throwIfNoEntry: false })?.size ?? 0
  if (size === 0) throw new AppError('STORE_DAMAGED', { reason: 'station.db' })
}
