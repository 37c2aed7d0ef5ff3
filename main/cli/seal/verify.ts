import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError } from '../../../preload/contract/errors.ts'
import type { CheckedSeal, PdfVerdict } from '../../../preload/contract/verification.ts'
import { writeBeside } from '../../pdf/index.ts'
import { inspectPdf, openRenderer, type Renderer } from '../../rendering/index.ts'
import { type CheckOptions, readCrls } from '../../signing/index.ts'
import { parseWords, wrongUsage } from './arguments.ts'
import type { CommandOutput } from './command.ts'
import { readCertificates, readRegularFile } from './files.ts'

/**
 * `seal verify`: the verdict on each file, in sentences or (`--json`) as one line of JSON a file, `file` beside it where
 * several were asked for; with `--pictures` the pages that differ, then and now. Gives 0 where every file is 有效.
 */
export async function verifyFiles(argv: readonly string[], io: CommandOutput): Promise<0 | 1> {
  const words = parseWords(argv, {
    trust: { type: 'string', multiple: true },
    crl: { type: 'string', multiple: true },
    pictures: { type: 'string' },
    json: { type: 'boolean' },
  })
  const files = words.positionals
  if (files.length === 0) throw wrongUsage('缺少 PDF 文件名')
  const options: CheckOptions = {
    trustedRootsPem: await Promise.all(words.texts('trust').map((path) => readCertificates(path, '--trust'))),
    crls: await Promise.all(words.texts('crl').map(readList)),
    now: new Date(),
  }
  const renderer = openRenderer()
  try {
    let isAllValid = true
    for (const [at, file] of files.entries()) {
      const pdf = await readRegularFile(file)
      const verdict = await inspectPdf(pdf, options, renderer)
      if (words.flag('json')) io.stdout(JSON.stringify(files.length === 1 ? verdict : { file, ...verdict }))
      else for (const line of verdictLines(verdict, files.length === 1 ? '' : file)) io.stdout(line)
      const folder = words.text('pictures')
      if (folder !== undefined) {
        const stem = files.length === 1 ? basename(file) : `${at + 1}-${basename(file)}`
        const written = await writePictures(pdf, verdict, renderer, { folder, stem })
        if (!words.flag('json')) io.stdout(`有改动的页面的图像：${written} 组，在 ${folder}`)
      }
      isAllValid &&= verdict.verdict === 'valid'
    }
    return isAllValid ? 0 : 1
  } finally {
    await renderer.close()
  }
}

async function readList(path: string): Promise<Uint8Array> {
  const bytes = await readRegularFile(path)
  readCrls(bytes)
  return bytes
}

function verdictLines({ sentence, seals }: PdfVerdict, file: string): string[] {
  const name = file === '' ? '' : `${file}：`
  return [`${name}${sentence}`, ...seals.flatMap((seal, at) => detailLines(at + 1, seal))]
}

const kindWords: Readonly<Record<CheckedSeal['kind'], string>> = {
  seal: '印章',
  certification: '首章',
  timestamp: '时间戳',
}

function detailLines(number: number, seal: CheckedSeal): string[] {
  const { certificate, changes } = seal
  return [
    `${kindWords[seal.kind]} ${number}：${seal.sentence}`,
    ...(certificate === null
      ? []
      : [
          `  持有者：${seal.signer}；签发机构：${certificate.issuer}`,
          `  证书有效期：${beijing(certificate.notBefore)} 至 ${beijing(certificate.notAfter)}`,
        ]),
    `  盖章时间（盖章机器自报）：${seal.claimedAtUtc === '' ? '没有写' : beijing(seal.claimedAtUtc)}`,
    ...(seal.provenAtUtc === '' ? [] : [`  时间戳证明最晚存在于：${beijing(seal.provenAtUtc)}`]),
    `  算法：${seal.algorithm || '不明'}；签名格式：${seal.subFilter || '不明'}`,
    `  覆盖整个文件：${seal.coversWholeFile ? '是' : '否'}`,
    ...changes.map(({ sentence, allowed }) => `  之后：${sentence}${allowed ? '' : '（请核对）'}`),
  ]
}

const beijing = (iso: string): string =>
  new Date(iso).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai', hour12: false })

/** Where a change belongs to no page, so many pages are looked at. */
const mostPages = 200

/** Writes before, after and difference of every page that differs since a seal; tells how many pages. */
async function writePictures(
  pdf: Uint8Array,
  { seals, pages }: PdfVerdict,
  renderer: Renderer,
  place: { readonly folder: string; readonly stem: string },
): Promise<number> {
  await mkdir(place.folder, { recursive: true }).catch((cause) => {
    throw new AppError('FILE_NOT_WRITABLE', { name: basename(place.folder) }, { cause })
  })
  let written = 0
  for (const [at, seal] of seals.entries()) {
    const end = (seal.signedRange[2] ?? 0) + (seal.signedRange[3] ?? 0)
    if (end <= 0 || end >= pdf.length) continue
    const later = seals.filter(({ revision }) => revision > seal.revision).flatMap(({ places }) => places)
    for (const page of pagesToCompare(seal, Math.min(pages, mostPages))) {
      const ignore = later.filter((box) => box.page === page)
      const found = await renderer.compareRevisions(pdf, end, page, { ignore }).catch(onlyOnOneSide)
      if (found === undefined || found.share === 0) continue
      const { beforePng: before, afterPng: after, differencePng: difference } = found
      for (const [kind, png] of Object.entries({ before, after, difference })) {
        await writeBeside(join(place.folder, `${place.stem}-${at + 1}-${page}-${kind}.png`), [png])
      }
      written += 1
    }
  }
  return written
}

/** The pages that later revisions name, or all where one names none. */
function pagesToCompare({ changes }: CheckedSeal, all: number): number[] {
  const open = changes.filter(({ allowed }) => !allowed)
  if (open.some(({ page }) => page === null)) return Array.from({ length: all }, (_, at) => at + 1)
  return [...new Set(open.flatMap(({ page }) => page ?? []))].toSorted((a, b) => a - b)
}

/** A page that was not there then, or is not now, has nothing to be compared with. */
function onlyOnOneSide(error: unknown): undefined {
  if (error instanceof AppError && (error.code === 'PDF_PAGE_NOT_FOUND' || error.code === 'PDF_CANNOT_BE_SHOWN')) return
  throw error
}
