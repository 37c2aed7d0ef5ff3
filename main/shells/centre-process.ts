// Owns: the embedded centre beside a training station as a process: started, started again after a crash, stopped.
// Does not own: what the centre does (central/), the desk that it is for (desk-process.ts).
// Start here: `keepCentre`.
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import {
  type ChildProgram,
  endProgram,
  type Launch,
  ProgramRefused,
  restartWaitMs,
  waitUntilReady,
} from './child-program.ts'

/** What the centre is called that runs beside a training station. */
const trainingCentre = '南雄市政务服务中心（演练）'

/** Where the centre keeps what it has, and how its program is started. */
export type KeptCentreOptions = {
  readonly dataFolder: string
  /** The built program. */
  readonly centreFile: string
  readonly launch: Launch
  /** One line for the person at the terminal or the log. */
  readonly say: (line: string) => void
}

/** A centre that runs until it is stopped. */
export type KeptCentre = {
  /** Resolves when it is gone; it is not started again. */
  readonly stop: () => Promise<void>
}

/** Starts the embedded centre on a port of this machine and keeps it running. It may come later than the desk and go away: the desk takes both as a link that is down. */
export function keepCentre(options: KeptCentreOptions, port: number): KeptCentre {
  const { centreFile, dataFolder, launch, say } = options
  const args = ['serve', '--name', trainingCentre, '--data', dataFolder, '--port', String(port)]
  let program: ChildProgram | undefined
  let isStopping = false
  const keep = async () => {
    for (let attempt = 0; !isStopping; attempt++) {
      program = launch(centreFile, args)
      try {
        await waitUntilReady(program)
        attempt = 0
      } catch (error) {
        if (!isStopping) say(error instanceof ProgramRefused ? error.sentence : String(error))
      }
      await program.exited
      if (!isStopping) await wait(restartWaitMs(attempt))
    }
  }
  void keep()
  return {
    stop: async () => {
      isStopping = true
      if (program !== undefined) await endProgram(program)
    },
  }
}

/** A port of this machine that is free now, for the embedded centre; a restarted centre keeps it. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', resolve)
  })
  const address = probe.address()
  await new Promise<void>((resolve) => probe.close(() => resolve()))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
