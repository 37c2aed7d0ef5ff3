// npm test: everything that is tested without a display, from a bare clone.
//   installs and builds what is missing; on Debian as root also the system's tools that tests need; then Vitest and
//   Playwright (browser shell); the last lines name what failed, and say `N passed, N failed, N skipped`. Exit code 1 when anything failed.
// Plain JavaScript on built-ins alone: nothing is installed yet when this runs.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { makeBuilt } from './built.mjs'
import { makeInstalled } from './installed.mjs'
import { emptyResults, runPlaywright, runVitest, say, sayResults } from './test-runs.mjs'

/** Debian's packages that tests use, each by a file that tells whether it is there. */
const tools = [
  ['chromium', ['/usr/bin/chromium', '/usr/bin/google-chrome-stable', '/usr/bin/google-chrome']],
  ['fonts-noto-cjk', ['/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc']],
  ['poppler-utils', ['/usr/bin/pdfsig']],
  ['qpdf', ['/usr/bin/qpdf']],
  ['mupdf-tools', ['/usr/bin/mutool']],
  ['zbar-tools', ['/usr/bin/zbarimg']],
  ['softhsm2', ['/usr/lib/softhsm/libsofthsm2.so']],
  ['opensc', ['/usr/bin/pkcs11-tool']],
  ['age', ['/usr/bin/age']],
  ['libnss3-tools', ['/usr/bin/certutil']],
  ['libpdfbox2-java', ['/usr/share/java/pdfbox2.jar']],
  ['libbcpkix-java', ['/usr/share/java/bcpkix.jar']],
  ['default-jdk-headless', ['/usr/bin/javac']],
  ['postgresql', ['/usr/lib/postgresql', '/usr/bin/postgres']],
]

/** Installs what Debian has and this machine lacks; without the rights for it, tests say themselves what they lack. */
function makeToolsInstalled() {
  const missing = tools.filter(([, files]) => !files.some((file) => existsSync(file))).map(([name]) => name)
  if (missing.length === 0) return
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    return say(`not installed here: ${missing.join(', ')}; what needs them is skipped or fails in words`)
  }
  say(`apt-get install ${missing.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) => spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env })
  apt('update')
  apt('install', '-y', '--no-install-recommends', ...missing)
}

await makeInstalled(say)
makeToolsInstalled()
makeBuilt(say)
emptyResults()
process.exitCode = sayResults([runVitest(['unit', 'store', 'types', 'integration']), runPlaywright('browser')])
