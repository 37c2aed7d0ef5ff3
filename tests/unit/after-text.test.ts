import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { afterText } from '../../main/desk/after-text.ts'
import { createCentreClient } from '../../main/wire/centre-client.ts'
import { makeKeyPair, signerOf } from '../../main/wire/signatures.ts'

test.each([
  ['', {}],
  [', also where no signal is named by that word', { signal: undefined }],
])('a release that is on its way to the centre is cut with the cable, like all else%s', async (_, more) => {
  const silent = createServer(() => undefined)
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const client = createCentreClient({
    baseUrl: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    ...{ stationId: '440282104208-1', sign: signerOf(makeKeyPair().privateKey) },
  })
  onTestFinished(() => {
    client.close()
    silent.closeAllConnections()
    silent.close()
  })
  const nothing = async () => undefined
  const speakers = {
    drafts: { tell: nothing },
    standards: {
      sendWaiting: async ({ send }: typeof client) =>
        void (await send({ method: 'POST', path: '/v1/catalogue/releases', body: Buffer.from('a release'), ...more })),
      catchUp: nothing,
    },
    catalogue: { fetch: nothing },
    files: { fetch: nothing, run: nothing },
  }
  const cable = new AbortController()
  const asked = once(silent, 'request')

  const speaking = afterText(speakers, client, {
    ...{ signal: cable.signal, shouldYield: () => false, originalsAllowed: true, onBytes: () => undefined },
  })
  await asked
  cable.abort()

  await expect(speaking).rejects.toMatchObject({ code: 'CENTRE_UNREACHABLE', details: { reason: 'stopped' } })
})
