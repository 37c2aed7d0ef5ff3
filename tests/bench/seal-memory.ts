// Seals one file in a process of its own and prints by how many bytes its memory grew at the most.
// Started by seal.ts: seal-memory.ts WARM-UP.pdf INPUT.pdf OUTPUT.pdf SEAL.p12 PIN
import { readFileSync } from 'node:fs'
import { sealPdfFile } from '../../main/pdf/index.ts'
import { openSealFile } from '../../main/signing/index.ts'

const [warmUp = '', input = '', output = '', p12 = '', pin = ''] = process.argv.slice(2)
const now = new Date()
const signer = await openSealFile(readFileSync(p12), pin, now)
const appearance = { organisation: '南雄市演练镇演练村村民委员会', purposeLine: '便民服务专用章', diameterMm: 42 }
await sealPdfFile({ input: warmUp, output, signer, appearance, now })
const before = process.memoryUsage().rss
await sealPdfFile({ input, output, signer, appearance, now })
console.log(process.resourceUsage().maxRSS * 1024 - before)
