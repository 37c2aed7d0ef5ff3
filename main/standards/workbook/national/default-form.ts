import type { JsonObject } from '../tables/json-parts.ts'

/** The form that a matter gets whose table tells none: who applies, how to reach them, for what. Enough to take a case in. */

const group = (name: string, more: JsonObject = {}): JsonObject => ({ ...more, 'ui:options': { group: name } })

/** A plain form. The check says that it is one and has to be completed. */
export function defaultForm(matterName: string): JsonObject {
  return {
    schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      title: `${matterName}申请`,
      properties: {
        name: { title: '姓名', type: 'string', minLength: 1, maxLength: 50 },
        idNumber: { title: '身份证号', type: 'string', minLength: 18, maxLength: 18 },
        phone: { title: '联系电话', type: 'string', maxLength: 20 },
        division: { title: '所在镇、村（居）', type: 'string', pattern: '^[0-9]{12}$', maxLength: 12 },
        address: { title: '详细地址', type: 'string', minLength: 2, maxLength: 120 },
        reason: { title: '申请事由', type: 'string', minLength: 1, maxLength: 500 },
      },
      required: ['name', 'idNumber', 'phone', 'division', 'address', 'reason'],
    },
    ui: {
      'ui:order': ['name', 'idNumber', 'phone', 'division', 'address', 'reason'],
      name: group('申请人'),
      idNumber: group('申请人', { 'ui:widget': 'idNumber' }),
      phone: group('申请人', { 'ui:widget': 'phone' }),
      division: group('住址', { 'ui:widget': 'division' }),
      address: group('住址'),
      reason: group('申请', { 'ui:widget': 'textarea' }),
    },
    applicant: { name: 'name', idNumber: 'idNumber', phone: 'phone' },
  }
}
