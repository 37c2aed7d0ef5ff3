import { basename, dirname, join, resolve } from 'node:path'
import { shanghaiTimeInWords } from '../../../preload/contract/calendar.ts'
import { type PublishedRelease, publishedReleaseSchema } from '../../../preload/contract/catalogue.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { sentenceFor } from '../../../preload/contract/sentences.ts'
import { documentInWords, documentName } from '../../../preload/contract/standards/documents.ts'
import { sha256Hex } from '../../wire/canonical.ts'
import { readDocument } from '../../wire/catalogue/documents.ts'
import { assertSignedBy, isSigned } from '../../wire/catalogue/manifest.ts'
import { packMediaType } from '../../wire/catalogue/pack.ts'
import { openWhole, readReleaseFile, type WholeRelease } from '../../wire/catalogue/release-file.ts'
import { readAnswer } from '../../wire/centre-answers.ts'
import { dataFolder } from '../../wire/local/data-folder.ts'
import { readOwner, readText, requestOverSocket } from '../../wire/local/private-socket.ts'
import { createHttpTransport, type TransportReply } from '../../wire/transport/http-transport.ts'
import { openDeskLine } from '../desk-line.ts'
import { factLines } from '../table.ts'
import { plain } from './finding-lines.ts'
import { onlyWord, type ReleaseOrder, wrongUsage } from './release-order.ts'

/** `standards publish`: hands a signed release to a centre by its address, or to the centre of a data folder. */
export async function publishRelease(order: ReleaseOrder): Promise<0 | 1> {
  const { options, io, environment } = order
  const pack = await readReleaseFile(onlyWord(order, '发布文件'))
  const { signed } = await openWhole(pack)
  if (!isSigned(signed)) throw new AppError('RELEASE_UNSIGNED')
  if (options.centre !== undefined && options.data !== undefined) throw wrongUsage('--centre 和 --data 只写一个')
  const reply =
    options.centre === undefined
      ? await sendToFolder(dataFolder({ argument: options.data, environment }), pack)
      : await sendToAddress(options.centre, pack)
  const made = readAnswer(publishedReleaseSchema, reply)
  io.stdout(options.json ? JSON.stringify(made) : publishedInWords(made))
  return 0
}

function publishedInWords({ release, stations, effectiveAtUtc, before }: PublishedRelease): string {
  if (before) return `第 ${release} 次发布中心已经有了，没有重复下发。`
  return `中心已收下第 ${release} 次发布，已通知 ${stations} 个窗口，${shanghaiTimeInWords(effectiveAtUtc)} 生效。`
}

async function sendToAddress(address: string, pack: Buffer): Promise<TransportReply> {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    throw wrongUsage('--centre 要写中心的网址')
  const transport = createHttpTransport(address)
  try {
    const headers = { accept: 'application/json', 'content-type': packMediaType }
    return await transport.send({ method: 'POST', path: '/v1/releases', headers, body: pack })
  } finally {
    transport.close()
  }
}

/** The centre that runs on a data folder. Throws CENTRE_UNREACHABLE where none does. */
async function sendToFolder(folder: string, pack: Buffer): Promise<TransportReply> {
  const nobody = (cause?: unknown) =>
    new AppError('CENTRE_UNREACHABLE', { reason: 'refused', why: '这个数据文件夹上没有正在运行的中心' }, { cause })
  const owner = readOwner(join(folder, 'centre'))
  if (owner === undefined) throw nobody()
  const headers = { authorization: `Bearer ${owner.token}`, 'content-type': packMediaType }
  const sending = { socketPath: owner.socketPath, method: 'POST', path: '/v1/releases', headers, body: pack }
  const {
    status,
    headers: said,
    body,
  } = await requestOverSocket(sending).catch((cause: unknown) => {
    throw cause instanceof AppError && cause.code === 'DESK_RESTARTING' ? nobody(cause) : cause
  })
  const text = await readText(body)
  return { status, contentType: said['content-type'] ?? '', headers: {}, body: Buffer.from(text) }
}

/** `standards apply`: takes a release in at the station of a data folder, checked as over the link. */
export async function applyRelease(order: ReleaseOrder): Promise<0 | 1> {
  const file = onlyWord(order, '发布文件')
  const { options, io, environment } = order
  const line = await openDeskLine({
    dataFolder: dataFolder({ argument: options.data, environment }),
    account: options.account,
    pinFile: options['pin-file'],
    json: options.json,
  })
  try {
    await line.login()
    const place = { folder: dirname(resolve(file)), file: basename(file) }
    const { said } = await line.ask('catalogue.takeFile', place)
    const status = await line.ask('catalogue.status', {})
    io.stdout(options.json ? JSON.stringify({ said, ...status }, null, 2) : said)
    return 0
  } finally {
    await line.close()
  }
}

/** `standards show`: what a release says, and whether all of it is right; 1 where it is not. Whose signature counts is for who receives it to know. */
export async function showRelease(order: ReleaseOrder): Promise<0 | 1> {
  const { options, io } = order
  const whole = await openWhole(await readReleaseFile(onlyWord(order, '发布文件')))
  const { manifest, sha256, publisher } = whole.signed
  const fault = faultIn(whole)
  const documents = whole.documents.map(({ bytes, ...ref }) => ({ ...ref, name: nameIn(ref, bytes) }))
  const key = sha256Hex(Buffer.from(publisher, 'base64')).slice(0, 16)
  if (options.json) {
    const { documents: _, ...said } = manifest
    const signature = isSigned(whole.signed) ? { publisher, fingerprint: key } : null
    io.stdout(JSON.stringify({ ...said, sha256, signature, fault: fault?.code ?? null, documents }, null, 2))
    return fault === undefined ? 0 : 1
  }
  const facts = factLines([
    [
      '发布',
      `第 ${manifest.release} 次${manifest.previous === null ? '' : `，接在第 ${manifest.previous.release} 次后面`}`,
    ],
    ['县', manifest.county],
    ['生效', shanghaiTimeInWords(manifest.effectiveAtUtc)],
    ['做于', shanghaiTimeInWords(manifest.madeAtUtc)],
    ['发给', manifest.targets === 'all' ? '所有窗口' : manifest.targets.join('、')],
    ['说明', manifest.note || '（没有写）'],
    ['复核', manifest.approvedBy || '（没有）'],
    ['签名', isSigned(whole.signed) ? `密钥 ${key}` : '还没有签名'],
    ...(manifest.nextPublisherKey === undefined ? [] : [['交接', `以后由 ${manifest.nextPublisherKey} 签名`] as const]),
    ['摘要', sha256],
    ['状态', fault === undefined ? '完整（签名是不是本县发布人的，由收的一方核对）' : fault.words],
  ])
  for (const line of facts) io.stdout(line)
  for (const document of documents)
    io.stdout(`  ${documentInWords(document, document.name)}  ${document.sizeBytes} 字节`)
  return fault === undefined ? 0 : 1
}

function nameIn(ref: Parameters<typeof readDocument>[0], bytes: Buffer): string {
  try {
    return plain(documentName(readDocument(ref, bytes)))
  } catch {
    return ref.id
  }
}

function faultIn({ signed, documents }: WholeRelease): { readonly code: string; readonly words: string } | undefined {
  try {
    if (isSigned(signed)) assertSignedBy(signed, signed.publisher)
    for (const { bytes, ...ref } of documents) readDocument(ref, bytes)
    return undefined
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { code: error.code, words: sentenceFor(error.code, error.details).title }
  }
}
