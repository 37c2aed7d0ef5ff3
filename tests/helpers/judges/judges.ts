// Owns: asking programs that are not ours whether the seals of a PDF hold: qpdf, pdfsig, mutool, openssl, PDFBox with BouncyCastle.
// Does not own: our own verdict (main/signing/verify.ts), which must not be asked here.
// Start here: judgeSeals.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
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

/** Why not every judge can be asked here; empty where all can. The tests install nothing. */
export function missingForJudges(): string {
  const packages = Object.entries(needed).flatMap(([program, name]) => (isInstalled(program) ? [] : [name]))
  if (!jars.every(existsSync)) packages.push('libpdfbox2-java', 'libbcpkix-java', 'libbcprov-java')
  return packages.length === 0
    ? ''
    : `not every judge is on this machine (Debian: ${[...new Set(packages)].join(', ')})`
}

/** What the judges are told beside the files. */
export type Hearing = {
  /** The roots that openssl and pdfsig trust, PEM: those of the seals, and of the time-stamping authority if there is one. */
  readonly rootsPem: readonly string[]
  /** SM2 seals: of these judges only qpdf (no seals) and BouncyCastle know it. */
  readonly sm2?: boolean
  /** Files whose base already made qpdf warn; all others must not. */
  readonly mayWarn?: ReadonlySet<string>
}

/**
 * Every judge's word on every file, by file. With the environment variable CUNCHUANG_VALIDATORS, the script
 * `judge-seals.sh` in that folder is one more judge of what has no timestamp: it knows none.
 */
export function judgeSeals(files: readonly string[], hearing: Hearing): Map<string, Judgement[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'judges-'))
  try {
    const ca = join(scratch, 'ca.pem')
    writeFileSync(ca, hearing.rootsPem.join('\n'))
    const nss = hearing.sm2 === true ? '' : trustStore(scratch, hearing.rootsPem)
    const byBouncyCastle = bouncyCastle(files)
    return new Map(
      files.map((file) => {
        const always = [
          qpdf(file, hearing.mayWarn?.has(file) ?? false),
          byBouncyCastle.get(file) ?? { judge: 'bouncycastle', accepts: false, words: 'said nothing' },
          ...sharedScript(file, ca, hearing),
        ]
        if (hearing.sm2 === true) return [file, always]
        return [file, [...always, pdfsig(file, nss), mutool(file), ...openssl(file, ca, scratch)]]
      }),
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

function trustStore(scratch: string, rootsPem: readonly string[]): string {
  const nss = `sql:${scratch}`
  execFileSync('certutil', ['-N', '-d', nss, '--empty-password'])
  rootsPem.forEach((pem, i) => {
    const root = join(scratch, `root-${i}.pem`)
    writeFileSync(root, pem)
    execFileSync('certutil', ['-A', '-d', nss, '-n', `root-${i}`, '-t', 'CT,CT,CT', '-i', root])
  })
  return nss
}

/** 0 is clean, 3 is warnings: a file that we did not damage must not even warn. */
function qpdf(file: string, mayWarn: boolean): Judgement {
  const { status, words } = ask('qpdf', ['--check', file])
  return { judge: 'qpdf', accepts: status === 0 || (mayWarn && status === 3), words }
}

/**
 * An empty field is no seal. Nor is a document timestamp to poppler (22.12): it tells "unknown" and that it cannot check
 * it, which is let pass as often as the file has timestamps.
 */
function pdfsig(file: string, nss: string): Judgement {
  const { words } = ask('pdfsig', ['-nssdir', nss, file])
  const found = parts(words, /^(?=Signature #)/m).filter((part) => !isEmptyField(part))
  const seals = found.filter((part) => !part.includes('Signature Type: unknown'))
  const timestamps = readFileSync(file, 'latin1').match(/\/SubFilter\s*\/ETSI\.RFC3161/g)?.length ?? 0
  // A field of several widgets is told once a widget, its certificate only judged the first time.
  const fields = new Set<string>()
  const areHeld = seals.every((part) => {
    const field = /Signature Field Name: (.*)/.exec(part)?.[1] ?? ''
    const isFirst = fields.size < fields.add(field).size
    const isTrusted = part.includes('Certificate Validation: Certificate is Trusted.')
    return part.includes('Signature Validation: Signature is Valid.') && (isTrusted || !isFirst)
  })
  return { judge: 'pdfsig', accepts: seals.length > 0 && areHeld && found.length - seals.length === timestamps, words }
}

function mutool(file: string): Judgement {
  const { words } = ask('mutool', ['sign', '-v', file])
  const seals = parts(words, /^(?=Verifying signature)/m).filter((part) => !isEmptyField(part))
  const held = seals.filter((part) => /unchanged since signing|valid but there have been edits/.test(part))
  return { judge: 'mutool', accepts: seals.length > 0 && seals.length === held.length, words }
}

/** What a program says of each signature field, its first lines left out. */
const parts = (words: string, start: RegExp): string[] => words.split(start).filter((part) => start.test(part))

const isEmptyField = (words: string): boolean => /is not signed\./.test(words)
const isTimestamp = (words: string): boolean => words.includes('ETSI.RFC3161')

/** openssl knows no PDF: it is given each CMS or timestamp, and the bytes around it. */
function openssl(file: string, ca: string, scratch: string): Judgement[] {
  const pdf = readFileSync(file)
  const text = pdf.toString('latin1')
  const ranges = text.matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)
  return Array.from(ranges, (found) => {
    const [, first = 0, second = 0, length = 0] = found.slice(1).map(Number)
    const [content, cms] = [join(scratch, 'content'), join(scratch, 'cms')]
    writeFileSync(content, Buffer.concat([pdf.subarray(0, first), pdf.subarray(second, second + length)]))
    writeFileSync(cms, trimmed(Buffer.from(text.slice(first + 1, second - 1), 'hex')))
    if (isTimestamp(text.slice(text.lastIndexOf(' obj', found.index), second + 200))) {
      const { status, words } = ask('openssl', [
        'ts',
        '-verify',
        '-data',
        content,
        '-in',
        cms,
        '-token_in',
        '-CAfile',
        ca,
      ])
      return { judge: 'openssl ts', accepts: status === 0, words }
    }
    const input = ['-inform', 'DER', '-in', cms, '-content', content, '-binary', '-out', '/dev/null']
    const { status, words } = ask('openssl', ['cms', '-verify', '-cades', '-purpose', 'any', '-CAfile', ca, ...input])
    return { judge: 'openssl cms -cades', accepts: status === 0, words }
  })
}

/** The DER value without the zeros that fill up /Contents; BER of no stated length (poppler's) ends by itself. */
function trimmed(der: Buffer): Buffer {
  if (der[1] === 0x80) return der
  const lengthBytes = (der[1] ?? 0) & 0x7f
  const isLong = ((der[1] ?? 0) & 0x80) !== 0 && lengthBytes > 0 && lengthBytes <= 6
  return der.subarray(0, isLong ? 2 + lengthBytes + der.readUIntBE(2, lengthBytes) : 2 + lengthBytes)
}

/** One start of Java for all files; the compiled judge is kept until its source changes. */
function bouncyCastle(files: readonly string[]): Map<string, Judgement> {
  const source = join(import.meta.dirname, 'SealJudge.java')
  const version = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16)
  const classes = join(import.meta.dirname, '../../../node_modules/.cache/seal-judge', version)
  const classpath = [classes, ...jars].join(':')
  if (!existsSync(join(classes, 'SealJudge.class'))) execFileSync('javac', ['-cp', classpath, '-d', classes, source])
  const { words } = ask('java', ['-cp', classpath, 'SealJudge', ...files])
  const lines = words.split('\n').map((line) => line.split('\t'))
  return new Map(
    lines.flatMap(([file, seals, valid, wrong = '']) =>
      file === undefined || seals === undefined
        ? []
        : [[file, { judge: 'bouncycastle', accepts: Number(seals) > 0 && seals === valid, words: wrong }] as const],
    ),
  )
}

/** Not asked of files with a timestamp, nor with a field that waits for its signer: it calls both of them bad seals. */
function sharedScript(file: string, ca: string, { sm2 }: Hearing): Judgement[] {
  const folder = process.env.CUNCHUANG_VALIDATORS
  if (folder === undefined || isTimestamp(readFileSync(file, 'latin1'))) return []
  if (sm2 !== true && ask('mutool', ['sign', '-v', file]).words.includes('Signature is not signed')) return []
  const env = { ...process.env, CA: ca, ...(sm2 === true ? { SM2: '1' } : {}) }
  const { status, stdout } = spawnSync('bash', [join(folder, 'judge-seals.sh'), file], { encoding: 'utf8', env })
  return [{ judge: 'judge-seals.sh', accepts: status === 0, words: stdout }]
}
