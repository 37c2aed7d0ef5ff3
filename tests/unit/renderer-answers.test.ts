import { expect, test } from 'vitest'
import { answerRows } from '../../renderer/features/case/answer-rows.ts'

const divisionName = (code: string) => (code === '440282113201' ? '珠玑镇 珠玑村委会' : code)

const form = {
  applicant: { name: 'name', idNumber: 'idNumber', phone: 'phone' },
  ui: { 'ui:order': ['idNumber', 'name', '*', 'note'], village: { 'ui:widget': 'division' } },
  schema: {
    type: 'object',
    properties: {
      name: { type: 'string', title: '姓名' },
      note: { type: 'string', title: '补充说明' },
      idNumber: { type: 'string', title: '身份证号' },
      phone: { type: 'string', title: '联系电话' },
      village: { type: 'string', title: '所在村' },
      local: { type: 'boolean', title: '户籍在本市' },
      living: { type: 'string', title: '居住情况', oneOf: [{ const: 'alone', title: '独居' }] },
      address: { type: 'object', title: '住址', properties: { road: { type: 'string', title: '详细地址' } } },
      household: {
        type: 'array',
        title: '家庭成员',
        items: {
          type: 'object',
          properties: { who: { type: 'string', title: '姓名' }, idNumber: { type: 'string', title: '身份证号' } },
        },
      },
    },
  },
}

test('answers stand in the order and words of their standard, choices by their titles, ID numbers masked', () => {
  const rows = answerRows(
    form,
    {
      name: '演练甲',
      idNumber: '440282194001019017',
      phone: '13800000000',
      village: '440282113201',
      local: true,
      living: 'alone',
      address: { road: '演练路1号' },
      household: [{ who: '演练乙', idNumber: '440282194102029020' }],
    },
    divisionName,
  )
  expect(rows).toEqual([
    { kind: 'masked', key: 'idNumber', label: '身份证号', field: 'idNumber' },
    { kind: 'value', key: 'name', label: '姓名', value: '演练甲' },
    { kind: 'masked', key: 'phone', label: '联系电话', field: 'phone' },
    { kind: 'value', key: 'village', label: '所在村', value: '珠玑镇 珠玑村委会' },
    { kind: 'value', key: 'local', label: '户籍在本市', value: true },
    { kind: 'value', key: 'living', label: '居住情况', value: '独居' },
    { kind: 'value', key: 'address/road', label: '详细地址', value: '演练路1号' },
    {
      kind: 'table',
      key: 'household',
      label: '家庭成员',
      columns: ['姓名', '身份证号'],
      rows: [['演练乙', '440*************20']],
    },
    { kind: 'value', key: 'note', label: '补充说明', value: null },
  ])
})

test('an answer that the form does not know stays, under its own name', () => {
  const rows = answerRows({ ...form, ui: {} }, { nickname: '阿甲' }, divisionName)
  expect(rows.at(-1)).toEqual({ kind: 'value', key: 'nickname', label: 'nickname', value: '阿甲' })
})

test('a date is told in Chinese, and an answer of blanks counts as none', () => {
  const dated = {
    ...form,
    ui: {},
    schema: {
      type: 'object',
      properties: {
        born: { type: 'string', format: 'date', title: '出生日期' },
        note: { type: 'string', title: '补充说明' },
      },
    },
  }
  expect(answerRows(dated, { born: '1940-01-02', note: ' \n' }, divisionName)).toEqual([
    { kind: 'value', key: 'born', label: '出生日期', value: '1940年1月2日' },
    { kind: 'value', key: 'note', label: '补充说明', value: null },
  ])
})

test('conditional questions that were answered stand under their titles, and a signature as what was drawn', () => {
  const rows = answerRows(
    {
      applicant: { name: 'name', idNumber: 'idNumber', phone: 'phone' },
      ui: { sign: { 'ui:widget': 'signature' } },
      schema: {
        type: 'object',
        properties: { sign: { type: 'string', title: '申请人签名' } },
        allOf: [{ properties: { agentName: { title: '代办人姓名' }, agentPhone: { title: '代办人电话' } } }],
      },
    },
    { sign: 'M10 20l3 -2', agentName: '演练乙' },
    divisionName,
  )
  expect(rows).toEqual([
    { kind: 'value', key: 'agentName', label: '代办人姓名', value: '演练乙' },
    { kind: 'signature', key: 'sign', label: '申请人签名', text: 'M10 20l3 -2' },
  ])
})
