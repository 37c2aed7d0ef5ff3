import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { AppError } from '../../preload/contract/errors.ts'
import type { PinCost } from '../store/index.ts'

/** How a desk is started. */
export type DeskOptions = {
  readonly dataFolder: string
  /** The folder `resources/` of the program. */
  readonly resources: string
  /** Makes a training station where the folder is empty. */
  readonly training: boolean
  /** Division code of the village of a new training station. */
  readonly division: string | undefined
  readonly centreUrl: string | undefined
  /** The data folder in which an embedded centre runs, for the one-time code of a training station. */
  readonly centreData: string | undefined
  readonly idleSeconds: number | undefined
  /** For tests: cheaper PINs. Existing vaults keep their own cost. */
  readonly pinCost: PinCost | undefined
  /** Checks every answer against the contract. */
  readonly checkOutputs: boolean
  /** Ends when its standard input does: the shell that started it is gone. An Electron utility process has none, and ends anyway. */
  readonly withParent: boolean
}

/** Reads the arguments of the desk process. Throws USAGE. */
export function readDeskOptions(args: readonly string[]): DeskOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      strict: true,
      options: {
        data: { type: 'string' },
        resources: { type: 'string' },
        training: { type: 'boolean', default: false },
        division: { type: 'string' },
        'centre-url': { type: 'string' },
        'centre-data': { type: 'string' },
        'idle-seconds': { type: 'string' },
        'cheap-pins': { type: 'boolean', default: false },
        'with-parent': { type: 'boolean', default: false },
        'check-outputs': { type: 'boolean', default: false },
      },
    })
    if (values.data === undefined || values.resources === undefined) throw new AppError('USAGE')
    const idle = values['idle-seconds']
    return {
      dataFolder: resolve(values.data),
      resources: resolve(values.resources),
      training: values.training,
      division: values.division,
      centreUrl: values['centre-url'],
      centreData: values['centre-data'],
      idleSeconds: idle === undefined ? undefined : Number(idle),
      pinCost: values['cheap-pins'] ? { memoryKiB: 64, passes: 1, lanes: 1 } : undefined,
      withParent: values['with-parent'],
      checkOutputs: values['check-outputs'],
    }
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('USAGE', {}, { cause })
  }
}
