// npm run test:electron: the end-to-end specs on a real Electron (CUNCHUANG_ELECTRON names its folder), and their sum.
import { runPlaywright, say, sayResults } from './test-runs.mjs'

if (!process.env.CUNCHUANG_ELECTRON) say('electron specs are skipped: CUNCHUANG_ELECTRON names no Electron runtime')
process.exitCode = sayResults([runPlaywright('electron')])
