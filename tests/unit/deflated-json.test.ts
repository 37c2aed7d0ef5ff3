import { expect, test } from 'vitest'
import { asJsonReply, deflatedJsonType, encodeJson } from '../../main/wire/packing/deflated-json.ts'

const reply = (body: Buffer, contentType: string = deflatedJsonType) => ({
  status: 200,
  contentType,
  headers: {},
  body,
})
const rows = Array.from({ length: 236 }, (_, at) => ({
  stationId: `440282104${200 + at}-1`,
  state: 'applied',
  inForce: 7,
}))

test('says the same in a tenth of the bytes', async () => {
  const plain = Buffer.from(JSON.stringify(rows))
  const body = await encodeJson(rows)
  expect(body.length).toBeLessThan(plain.length / 10)
  expect(await asJsonReply(reply(body))).toEqual(reply(plain, 'application/json'))
})

test('is left as it is by whom the centre answers in plain JSON', async () => {
  const plain = reply(Buffer.from('[]'), 'application/json')
  expect(await asJsonReply(plain)).toBe(plain)
})

test('that swells beyond any county, or is cut off, is nonsense and no memory is spent on it', async () => {
  for (const body of [await encodeJson('x'.repeat(8_000_000)), (await encodeJson(rows)).subarray(0, 99)])
    await expect(asJsonReply(reply(body))).rejects.toMatchObject({ code: 'CENTRE_NONSENSE' })
})
