import { networkInterfaces } from 'node:os'

/** What is watched for a sign that the link may be back. */
export type SignOptions = {
  /** Something has changed for the better, perhaps. */
  readonly onSign: (sign: 'network' | 'resume') => void
  readonly everyMs?: number
  /** The machine's addresses as one text. */
  readonly addresses?: () => string
  readonly monotonicMs?: () => number
  readonly wallMs?: () => number
}

const lookMs = 5_000

/** A machine that slept, or a clock that was set, is this much off between two looks. */
const jumpMs = 20_000

/** Looks every few seconds whether the machine's addresses changed, it woke from sleep, or its clock was set. Returns the way to end it. */
export function watchForSigns(options: SignOptions): () => void {
  const { everyMs = lookMs, addresses = ownAddresses } = options
  const monotonicMs = options.monotonicMs ?? (() => performance.now())
  const wallMs = options.wallMs ?? Date.now
  let before = { addresses: addresses(), monotonic: monotonicMs(), wall: wallMs() }
  const look = setInterval(() => {
    const now = { addresses: addresses(), monotonic: monotonicMs(), wall: wallMs() }
    // The monotonic clock sleeps with the machine on some systems, the wall clock nowhere.
    const elapsed = now.monotonic - before.monotonic
    const isJump = elapsed > everyMs + jumpMs || Math.abs(now.wall - before.wall - elapsed) > jumpMs
    const isOtherNetwork = now.addresses !== before.addresses
    before = now
    if (isJump) options.onSign('resume')
    else if (isOtherNetwork) options.onSign('network')
  }, everyMs)
  look.unref()
  return () => clearInterval(look)
}

function ownAddresses(): string {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address }) => address)
    .sort()
    .join(' ')
}
