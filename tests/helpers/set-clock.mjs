// Given to Node by --import: the process lives at the time (ms since 1970) that the file CUNCHUANG_TEST_CLOCK holds, which stands
// still until another is written. Timers run on as ever.
import { readFileSync } from 'node:fs'

const RealDate = Date
const file = process.env.CUNCHUANG_TEST_CLOCK ?? ''
const now = () => Number(readFileSync(file, 'utf8'))

globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [now()] : given))
  }
  static now() {
    return now()
  }
}
