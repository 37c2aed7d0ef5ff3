// npm run test:electron: the end-to-end specs on a real Electron (CUNCHUANG_ELECTRON names its folder), and their sum.
import { runPlaywright, say } from './test-runs.mjs'

if (!process.env.CUNCHUANG_ELECTRON) say('electron specs are skipped: CUNCHUANG_ELECTRON names no Electron runtime')
const { passed, failed, skipped } = runPlaywright('electron')
say(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = failed === 0 ? 0 : 1
