// Owns: asking programs that are not ours whether the seals of a PDF hold: qpdf, pdfsig, mutool, openssl, PDFBox with BouncyCastle.
// Does not own: our own verdict (main/signing/verify.ts), which must not be asked here.
// Start here: judgeSeals.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What one program says of one file. */
export type Judgement = { readonly judge: string; readonly accepts: boolean; readonly words: string }

const jarNames = ['pdfbox2', 'fontbox2', 'bcprov', 'bcpkix', 'bcutil', 'commons-logging']
const jars = jarNames.map((name) => `/usr/share/java/${name}.jar`)

const needed: Readonly<Record<string, string>> = {
  qpdf: 'qpdf',
  pdfsig: 'poppler-utils',
  certutil: 'libnss3-tools',
  mutool: 'mupdf-tools',
  openssl: 'openssl',
  java: 'default-jdk-headless',
  javac: 'default-jdk-headless',
}

const isInstalled = (program: string): boolean => spawnSync('which', [program]).status === 0

/** The Debian packages whose programs are not on this machine; the tests install nothing. */
export function missingPackages(): string[] {
  const packages = Object.entries(needed).flatMap(([program, name]) => (isInstalled(program) ? [] : [name]))
  if (!jars.every(existsSync)) packages.push('libpdfbox2-java', 'libbcpkix-java', 'libbcprov-java')
  return [...new Set(packages)]
}

/**
 * Every judge's word on every file, by file. `caPem` is the root that openssl and pdfsig trust. With the environment
 * variable CUNCHUANG_VALIDATORS, the script `judge-seals.sh` in that folder is one more judge.
 */
export function judgeSeals(files: readonly string[], caPem: string): Map<string, Judgement[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'judges-'))
  try {
    const ca = join(scratch, 'ca.pem')
    writeFileSync(ca, caPem)
    const nss = trustStore(scratch, ca)
    const byBouncyCastle = bouncyCastle(files, scratch)
    const shared = process.env.CUNCHUANG_VALIDATORS
    return new Map(
      files.map((file) => [
        file,
        [
          qpdf(file),
          pdfsig(file, nss),
          mutool(file),
          ...openssl(file, ca, scratch),
          byBouncyCastle.get(file) ?? { judge: 'bouncycastle', accepts: false, words: 'said nothing' },
          ...(shared === undefined ? [] : [sharedScript(join(shared, 'judge-seals.sh'), file, ca)]),
        ],
      ]),
    )
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** The judgements that refuse, as lines for a failed test's message; empty where all accept. */
export function refusals(judgements: ReadonlyMap<string, readonly Judgement[]>): string[] {
  return [...judgements].flatMap(([file, words]) =>
    words.filter(({ accepts }) => !accepts).map(({ judge, words: said }) => `${file}: ${judge}: ${said}`),
  )
}

function ask(program: string, args: readonly string[]): { status: number; words: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000 })
  return { status: status ?? -1, words: `${stdout}${stderr}`.trim() }
}

function trustStore(scratch: string, ca: string): string {
  const nss = `sql:${scratch}`
  execFileSync('certutil', ['-N', '-d', nss, '--empty-password'])
  execFileSync('certutil', ['-A', '-d', nss, '-n', 'root', '-t', 'CT,CT,CT', '-i', ca])
  return nss
}

/** 0 is clean, 3 is warnings: a file that we did not damage must not even warn. */
function qpdf(file: string): Judgement {
  const { status, words } = ask('qpdf', ['--check', file])
  return { judge: 'qpdf', accepts: status === 0, words }
}

function pdfsig(file: string, nss: string): Judgement {
  const { words } = ask('pdfsig', ['-nssdir', nss, file])
  const seals = words.match(/^Signature #/gm)?.length ?? 0
  const valid = words.match(/Signature Validation: Signature is Valid\./g)?.length ?? 0
  const trusted = words.includes('Certificate Validation: Certificate is Trusted.')
  return { judge: 'pdfsig', accepts: seals > 0 && seals === valid && trusted, words }
}

function mutool(file: string): Judgement {
  const { words } = ask('mutool', ['sign', '-v', file])
  const seals = words.match(/^Verifying signature/gm)?.length ?? 0
  const held = words.match(/unchanged since signing|valid but there have been edits/g)?.length ?? 0
  return { judge: 'mutool', accepts: seals > 0 && seals === held, words }
}

/** openssl knows no PDF: it is given each CMS, and the bytes around it. */
function openssl(file: string, ca: string, scratch: string): Judgement[] {
  const pdf = readFileSync(file)
  const ranges = pdf.toString('latin1').matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)
  return Array.from(ranges, ([, ...numbers]) => {
    const [, first = 0, second = 0, length = 0] = numbers.map(Number)
    const [content, cms] = [join(scratch, 'content'), join(scratch, 'cms')]
    writeFileSync(content, Buffer.concat([pdf.subarray(0, first), pdf.subarray(second, second + length)]))
    writeFileSync(cms, Buffer.from(pdf.toString('latin1', first + 1, second - 1), 'hex'))
    const input = ['-inform', 'DER', '-in', cms, '-content', content, '-binary', '-out', '/dev/null']
    const { status, words } = ask('openssl', ['cms', '-verify', '-cades', '-purpose', 'any', '-CAfile', ca, ...input])
    return { judge: 'openssl cms -cades', accepts: status === 0, words }
  })
}

function bouncyCastle(files: readonly string[], scratch: string): Map<string, Judgement> {
  const classpath = [scratch, ...jars].join(':')
  execFileSync('javac', ['-cp', classpath, '-d', scratch, join(import.meta.dirname, 'SealJudge.java')])
  const { words } = ask('java', ['-cp', classpath, 'SealJudge', ...files])
  const lines = words.split('\n').map((line) => line.split('\t'))
  return new Map(
    lines.flatMap(([file, seals, valid]) =>
      file === undefined || seals === undefined
        ? []
        : [[file, { judge: 'bouncycastle', accepts: Number(seals) > 0 && seals === valid, words }] as const],
    ),
  )
}

function sharedScript(script: string, file: string, ca: string): Judgement {
  const { status, stdout } = spawnSync('bash', [script, file], { encoding: 'utf8', env: { ...process.env, CA: ca } })
  return { judge: 'judge-seals.sh', accepts: status === 0, words: stdout }
}
