import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshFolder, removeFolder, startDesk } from '../helpers/desk.ts'
import { followJob, type OpenDesk, openDesk, putCopies, sealingRequest, wholeRegister } from '../helpers/papers.ts'
import { makeSoftToken, missingForTokens, type SoftToken, softTokenLibrary } from '../helpers/soft-token.ts'
import { makeTrainingAuthority } from '../helpers/training-authority.ts'

const why = missingForTokens()
const pin = '246813'
const folder = freshFolder()
let open: OpenDesk
let token: SoftToken

beforeAll(async () => {
  if (why !== '') return
  const authority = await makeTrainingAuthority({ now: new Date(), kind: 'rsa' })
  const seal = await authority.issue({ organisation: '演练镇人民政府', pin, kind: 'rsa' })
  token = makeSoftToken('演练密码钥匙', pin)
  token.add('01', seal.certificateDer, seal.privateKeyInfo)
  process.env.CUNCHUANG_PKCS11 = softTokenLibrary
  open = await openDesk(await startDesk(folder))
})
afterAll(async () => {
  await open?.desk.kill('SIGKILL')
  token?.remove()
  removeFolder(folder)
})

it('waits when the token is pulled out in the middle, and goes on once it is back and its PIN was given', async (context) => {
  if (why !== '') return context.skip(why)
  const { desk, sessionId } = open
  const { keys } = await desk.ask('seals.tokens', {}, sessionId)
  const [key] = keys
  if (key === undefined) throw new Error('no key in the token')
  const face = {
    name: '镇章',
    organisation: '演练镇人民政府',
    purposeLine: '',
    code: '',
    diameterMm: 42,
    emblem: 'star',
  } as const
  const { library, serial, keyId } = key
  const { sealId } = await desk.ask('seals.addToken', { library, serial, keyId, pin, face }, sessionId)
  await desk.ask('seals.renewLease', { sealId, uses: 500, days: 1 }, sessionId)
  await desk.ask('seals.unlock', { sealId, pin }, sessionId)
  const ids = await putCopies(open, 60)
  const events = await desk.events()
  const { jobId } = await desk.ask('sealing.begin', sealingRequest(sealId, ids), sessionId)
  await followJob(events, jobId, ({ sealed }) => sealed >= 2)
  token.pullOut()
  const [paused] = (await followJob(events, jobId)).slice(-1)
  expect(paused).toMatchObject({ state: 'paused', failed: 0, pausedBecause: expect.stringContaining('拔出来了') })

  token.plugIn()
  await desk.ask('seals.unlock', { sealId, pin }, sessionId)
  await desk.ask('sealing.resume', { jobId }, sessionId)
  const [done] = (await followJob(events, jobId, ({ state }) => state === 'done')).slice(-1)
  events.stop()
  expect(done).toMatchObject({ sealed: 60, failed: 0 })
  expect((await desk.ask('seals.register', wholeRegister, sessionId)).total).toBe(60)
})
