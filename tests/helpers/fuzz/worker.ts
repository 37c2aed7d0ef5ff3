// Owns: sealing and checking one damaged PDF after another in a thread of its own, so that a hang can be ended.
// Does not own: which PDFs (tests/integration/seal-fuzz.test.ts).
// Start here: the listener at the end.
import { parentPort, workerData } from 'node:worker_threads'
import { sealPdf } from '../../../main/pdf/index.ts'
import { openSealFile, verifyPdf } from '../../../main/signing/index.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { appearance } from '../seals.ts'

/** What the thread is given once. */
export type FuzzSeal = { readonly p12: Uint8Array; readonly pin: string; readonly caPem: string; readonly now: Date }

/** What became of one file. `crash` is the stack of anything that was not an AppError. */
export type FuzzAnswer = {
  readonly sealed: Uint8Array | undefined
  /** The verdict on the file as it came, or the code that refused to check it. */
  readonly verdict: string
  /** The verdict on it once sealed; '' where it was not. */
  readonly verdictSealed: string
  readonly crash: string
}

const { p12, pin, caPem, now } = workerData as FuzzSeal
const signer = await openSealFile(p12, pin, now)
const options = { trustedRootsPem: [caPem], now }

async function work(pdf: Uint8Array): Promise<FuzzAnswer> {
  try {
    const verdict = orCode(() => verifyPdf(pdf, options).verdict)
    const sealed = await sealPdf({ pdf, signer, appearance, now }).then(
      (made) => made.pdf,
      (error: unknown) => {
        if (error instanceof AppError) return undefined
        throw error
      },
    )
    const verdictSealed = sealed === undefined ? '' : orCode(() => verifyPdf(sealed, options).verdict)
    return { sealed, verdict, verdictSealed, crash: '' }
  } catch (error) {
    const crash = error instanceof Error ? `${error.stack}` : String(error)
    return { sealed: undefined, verdict: '', verdictSealed: '', crash }
  }
}

function orCode(check: () => string): string {
  try {
    return check()
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

parentPort?.on('message', async (pdf: Uint8Array) => {
  parentPort?.postMessage(await work(pdf))
})
