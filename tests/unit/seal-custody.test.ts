import { expect, test } from 'vitest'
import { isKeeper, type LeaseFacts, mayUse, type SealFacts, sealStateOf } from '../../main/features/seals/custody.ts'

const now = new Date('2026-11-23T01:00:00.000Z')
const lease: LeaseFacts = {
  leaseId: 'lease-1',
  uses: 10,
  used: 3,
  fromUtc: '2026-11-01T00:00:00.000Z',
  untilUtc: '2026-12-01T00:00:00.000Z',
  itemIds: null,
  seenAtUtc: '2026-11-22T00:00:00.000Z',
}
const seal: SealFacts = {
  validFromUtc: '2026-01-01T00:00:00.000Z',
  validUntilUtc: '2027-01-01T00:00:00.000Z',
  isRevoked: false,
  custody: { keepers: [], itemIds: null, otherPapers: true, needsApproval: false },
  lease,
}
const withLease = (part: Partial<LeaseFacts>): SealFacts => ({ ...seal, lease: { ...lease, ...part } })
const withCustody = (part: Partial<SealFacts['custody']>): SealFacts => ({
  ...seal,
  custody: { ...seal.custody, ...part },
})
const user = { account: 'wang', itemId: 'elder-allowance' }

test('a seal in order may be used by anybody, for any matter and for other papers', () => {
  expect([mayUse(seal, user, now), mayUse(seal, { ...user, itemId: null }, now)]).toEqual([undefined, undefined])
})

test.each<[string, SealFacts, ReturnType<typeof sealStateOf>, string]>([
  ['stopped', { ...seal, isRevoked: true }, 'revoked', 'SEAL_REVOKED'],
  [
    'past its certificate',
    { ...seal, validUntilUtc: '2026-11-01T00:00:00.000Z' },
    'expired',
    'SEAL_CERTIFICATE_EXPIRED',
  ],
  [
    'before its certificate',
    { ...seal, validFromUtc: '2026-12-01T00:00:00.000Z' },
    'not-yet-valid',
    'SEAL_CERTIFICATE_NOT_YET_VALID',
  ],
  ['without a lease', { ...seal, lease: null }, 'no-lease', 'SEAL_LEASE_ENDED'],
  ['before its lease', withLease({ fromUtc: '2026-11-23T03:00:00.000Z' }), 'no-lease', 'SEAL_LEASE_ENDED'],
  ['past its lease', withLease({ untilUtc: now.toISOString() }), 'lease-ended', 'SEAL_LEASE_ENDED'],
  ['used up', withLease({ used: 10 }), 'lease-used-up', 'SEAL_LEASE_ENDED'],
])('a seal that is %s says so and is refused', (_, facts, state, code) => {
  expect([sealStateOf(facts, now), mayUse(facts, user, now)]).toEqual([state, code])
})

test('a clock that is a little behind the centre does not keep a fresh lease from counting', () => {
  expect(sealStateOf(withLease({ fromUtc: '2026-11-23T01:30:00.000Z' }), now)).toBe('usable')
})

test('a clock that was set back does not lengthen a lease', () => {
  const facts = withLease({ seenAtUtc: '2026-12-02T00:00:00.000Z' })
  expect(sealStateOf(facts, now)).toBe('lease-ended')
})

test('only keepers may use a seal that has keepers', () => {
  const facts = withCustody({ keepers: ['li', 'zhang'] })
  expect([mayUse(facts, user, now), mayUse(facts, { ...user, account: 'li' }, now)]).toEqual([
    'SEAL_NOT_YOURS',
    undefined,
  ])
  expect([isKeeper(facts.custody, 'wang'), isKeeper(seal.custody, 'wang')]).toEqual([false, true])
})

test('a seal for some matters takes no others, and other papers only where it may', () => {
  const facts = withCustody({ itemIds: ['elder-allowance'], otherPapers: false })
  const refusals = ['elder-allowance', 'land-use', null].map((itemId) => mayUse(facts, { ...user, itemId }, now))
  expect(refusals).toEqual([undefined, 'SEAL_MATTER_REFUSED', 'SEAL_MATTER_REFUSED'])
})

test('a lease for some matters narrows what custody allows, and allows no other papers', () => {
  const facts = withLease({ itemIds: ['land-use'] })
  const refusals = ['elder-allowance', 'land-use', null].map((itemId) => mayUse(facts, { ...user, itemId }, now))
  expect(refusals).toEqual(['SEAL_MATTER_REFUSED', undefined, 'SEAL_MATTER_REFUSED'])
})

test('a seal that asks for a second person is refused until they have agreed', () => {
  const facts = withCustody({ needsApproval: true })
  expect([mayUse(facts, user, now), mayUse(facts, user, now, true)]).toEqual(['SEAL_APPROVAL_NEEDED', undefined])
})

test('whose seal it is comes before how its lease stands, and what stops it comes before both', () => {
  const others = { ...withCustody({ keepers: ['li'] }), lease: null }
  expect([mayUse(others, user, now), mayUse({ ...others, isRevoked: true }, user, now)]).toEqual([
    'SEAL_NOT_YOURS',
    'SEAL_REVOKED',
  ])
})
