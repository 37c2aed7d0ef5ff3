import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitStringOf, children, der, oidOf, readDer, smallIntegerOf, timeOf } from '../../main/signing/der.ts'

describe('DER', () => {
  it('reads back every length that it writes', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const element = readDer(der.octets(Buffer.alloc(length, 7)))
      expect([element.tag, element.content.length]).toEqual([4, length])
    }
  })

  it('reads back numbers, object identifiers and times', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 2 ** 31 }),
        fc.array(fc.nat({ max: 2 ** 30 }), { minLength: 1, maxLength: 6 }),
        fc.date({ min: new Date('1990-01-01'), max: new Date('2120-01-01'), noInvalidDate: true }),
        (number, arcs, date) => {
          const second = new Date(Math.floor(date.getTime() / 1000) * 1000)
          const oid = ['1.2', ...arcs].join('.')
          expect(smallIntegerOf(readDer(der.smallInteger(number)))).toBe(number)
          expect(oidOf(readDer(der.oid(oid)))).toBe(oid)
          expect(timeOf(readDer(der.time(second)))).toEqual(second)
        },
      ),
    )
  })

  it('writes numbers in their shortest form and never as negative ones', () => {
    expect([0, 127, 128, 256].map((number) => der.smallInteger(number).toString('hex'))).toEqual([
      '020100',
      '02017f',
      '02020080',
      '02020100',
    ])
    expect(der.integer(Buffer.from('0000ff', 'hex')).toString('hex')).toBe('020200ff')
  })

  it('writes flags with the unused bits that DER wants, and sets in ascending order', () => {
    expect([der.flags(0xc0), der.flags(0x06)].map((flags) => flags.toString('hex'))).toEqual(['030206c0', '03020106'])
    expect(children(readDer(der.set(der.smallInteger(2), der.smallInteger(1)))).map(smallIntegerOf)).toEqual([1, 2])
  })

  it('takes a time of a wrong form, a half byte of bits and a cut element for what they are', () => {
    const nonsense = ['17', '18'].map((tag) => Buffer.from(`${tag}05${Buffer.from('2026X').toString('hex')}`, 'hex'))
    for (const bytes of nonsense) expect(() => timeOf(readDer(bytes))).toThrow('not a time')
    expect(() => bitStringOf(readDer(Buffer.from('03020480', 'hex')))).toThrow('BIT STRING')
    expect(() => readDer(Buffer.from('30820100', 'hex'))).toThrow('cut off')
  })

  it('never loops and fails in no other way than by saying so, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          const element = readDer(bytes)
          expect(element.raw.length).toBeLessThanOrEqual(bytes.length)
          children(element)
        } catch (error) {
          expect(String(error)).toMatch(/DER|BER/)
        }
      }),
      { numRuns: 500 },
    )
  })
})
