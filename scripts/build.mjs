// npm run build: builds out/ in any case, and marks what it was built from.
import { makeBuilt } from './built.mjs'

makeBuilt((line) => process.stdout.write(`${line}\n`), { force: true })
