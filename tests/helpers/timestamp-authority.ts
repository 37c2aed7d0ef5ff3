// Owns: a timestamp authority for tests: `openssl ts` behind an HTTP server, with a root of its own.
// Does not own: asking it (main/signing/timestamp.ts).
// Start here: startTimestampAuthority.
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** How the authority answers: as it should, with bytes that are no answer, with a refusal, or not at all. */
export type Behaviour = 'token' | 'garbage' | 'refusal' | 'same token again' | 'error 500' | 'cut'

/** A running timestamp authority. */
export type TestTimestampAuthority = {
  /** Where requests are POSTed to. */
  readonly url: string
  /** The root that a checker must trust. */
  readonly caPem: string
  /** How many requests have come. */
  readonly requests: () => number
  /** From the next request on. */
  answerWith(behaviour: Behaviour): void
  /** Sends a request as a client does; a status other than 200 is an error. For `timestampAuthority({ post })`. */
  readonly post: (request: Uint8Array) => Promise<Uint8Array>
  stop(): Promise<void>
}

/** What is missing to run one, '' where nothing is. */
export const missingForTimestamps = (): string =>
  spawnSync('openssl', ['version']).status === 0 ? '' : 'openssl is not installed'

const settings = (folder: string) => `
[req]
distinguished_name = name
utf8 = yes
string_mask = utf8only
prompt = no
[name]
C = CN
[ca_ext]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[tsa_ext]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
extendedKeyUsage = critical,timeStamping
[tsa]
serial = ${join(folder, 'serial')}
crypto_device = builtin
signer_cert = ${join(folder, 'tsa.pem')}
certs = ${join(folder, 'ca.pem')}
signer_key = ${join(folder, 'tsa.key')}
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`

/** Starts an authority on a free port. Stop it at the end; its keys go with it. */
export async function startTimestampAuthority(): Promise<TestTimestampAuthority> {
  const folder = mkdtempSync(join(tmpdir(), 'timestamps-'))
  await makeKeys(folder)
  let behaviour: Behaviour = 'token'
  let count = 0
  let before: Buffer | undefined
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      count += 1
      const again = behaviour === 'same token again' ? before : undefined
      before = again ?? (await answer(folder, count, Buffer.concat(chunks), behaviour))
      send(response, behaviour, before)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    url,
    caPem: readFileSync(join(folder, 'ca.pem'), 'utf8'),
    requests: () => count,
    answerWith(next) {
      behaviour = next
    },
    async post(request) {
      const headers = { 'content-type': 'application/timestamp-query' }
      const response = await fetch(url, { method: 'POST', headers, body: Buffer.from(request) })
      if (!response.ok) throw new Error(`status ${response.status}`)
      return new Uint8Array(await response.arrayBuffer())
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function makeKeys(folder: string): Promise<void> {
  const at = (name: string) => join(folder, name)
  writeFileSync(at('tsa.cnf'), settings(folder))
  writeFileSync(at('serial'), '01\n')
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-config', at('tsa.cnf'), '-utf8']
  const root = ['-subj', '/C=CN/O=演练省时间戳中心/CN=演练时间戳根证书', '-days', '30', '-extensions', 'ca_ext']
  await run('openssl', ['req', '-x509', ...key, '-keyout', at('ca.key'), '-out', at('ca.pem'), ...root])
  const own = ['-subj', '/C=CN/O=演练省时间戳中心/CN=演练时间戳服务']
  await run('openssl', ['req', ...key, '-keyout', at('tsa.key'), '-out', at('tsa.csr'), ...own])
  const authority = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '20']
  const extensions = ['-extfile', at('tsa.cnf'), '-extensions', 'tsa_ext']
  await run('openssl', ['x509', '-req', '-in', at('tsa.csr'), '-out', at('tsa.pem'), ...authority, ...extensions])
}

async function answer(folder: string, number: number, query: Buffer, behaviour: Behaviour): Promise<Buffer> {
  if (behaviour === 'garbage') return Buffer.from('<html>欢迎使用校园网，请先登录</html>')
  const at = (name: string) => join(folder, `${number}-${name}`)
  // A query that openssl cannot read is answered with a refusal (RFC 3161, 2.4.2), as real authorities do.
  writeFileSync(at('query'), behaviour === 'refusal' ? query.subarray(0, 10) : query)
  const config = ['-config', join(folder, 'tsa.cnf'), '-section', 'tsa']
  await run('openssl', ['ts', '-reply', ...config, '-queryfile', at('query'), '-out', at('reply')])
  return readFileSync(at('reply'))
}

function send(response: ServerResponse, behaviour: Behaviour, bytes: Buffer): void {
  if (behaviour === 'cut') {
    response.destroy()
    return
  }
  response.writeHead(behaviour === 'error 500' ? 500 : 200, { 'content-type': 'application/timestamp-reply' })
  response.end(bytes)
}
