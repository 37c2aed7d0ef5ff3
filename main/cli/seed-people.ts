import { createHash } from 'node:crypto'
import { idCheckDigit } from '../../preload/contract/identity.ts'

/** Numbers in [0, 1) that follow from a seed alone: the same on every machine. */
export type Chance = () => number

/** Chance from a text: the minimal standard generator of Park and Miller, begun at the text's SHA-256. */
export function chanceFrom(text: string): Chance {
  const modulus = 2 ** 31 - 1
  let state = (createHash('sha256').update(text).digest().readUInt32BE(0) % (modulus - 1)) + 1
  return () => {
    state = (state * 48_271) % modulus
    return state / modulus
  }
}

/** One of a list. */
export function oneOf<T>(chance: Chance, list: readonly [T, ...T[]]): T {
  return list[Math.floor(chance() * list.length)] ?? list[0]
}

/** A whole number from `from` to `to`, both included. */
export function between(chance: Chance, from: number, to: number): number {
  return from + Math.floor(chance() * (to - from + 1))
}

/** Somebody who does not exist. */
export type InventedPerson = {
  readonly name: string
  readonly idNumber: string
  readonly sex: 'male' | 'female'
  /** YYYY-MM-DD */
  readonly birthDate: string
  readonly phone: string
}

const surnames =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严赖覃洪武莫孔温'
const first = {
  male: '建国志明伟家文德荣永春海福光新宏大天振启',
  female: '秀玉春桂美丽红小月凤淑金爱惠雪兰素彩瑞慧',
}
const second = {
  male: '华强军平生林辉民才根保良发祥成龙德富贵文',
  female: '英兰珍梅芳香娥莲花霞凤琴燕娟秀玲云珠萍妹',
}

/** Composes a person from common characters: born between two years (both included), identity number of the unassigned division 999999 (nobody has one) with a right check digit, one of a hundred telephone numbers. */
export function inventPerson(chance: Chance, bornFrom: number, bornTo: number): InventedPerson {
  const year = between(chance, bornFrom, bornTo)
  const month = String(between(chance, 1, 12)).padStart(2, '0')
  const day = String(between(chance, 1, 28)).padStart(2, '0')
  const order = between(chance, 1, 999)
  const sex = order % 2 === 1 ? 'male' : 'female'
  const first17 = `999999${year}${month}${day}${String(order).padStart(3, '0')}`
  const given = chance() < 0.15 ? '' : characterOf(chance, first[sex])
  return {
    name: `${characterOf(chance, surnames)}${given}${characterOf(chance, second[sex])}`,
    idNumber: `${first17}${idCheckDigit(first17)}`,
    sex,
    birthDate: `${year}-${month}-${day}`,
    phone: `138001380${String(between(chance, 0, 99)).padStart(2, '0')}`,
  }
}

function characterOf(chance: Chance, characters: string): string {
  return characters.charAt(Math.floor(chance() * characters.length))
}
