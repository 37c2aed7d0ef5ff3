// Owns: nothing. Electron's entry: a table of contents.
// Does not own: the shell (shells/electron), the desk, which is a process of its own (desk/process.ts).
// Start here: shells/electron/index.ts.
import { z } from 'zod'
import { runElectronShell } from './shells/electron/index.ts'

z.config({ jitless: true })
runElectronShell()
