/** What a wrong answer is told as. Formats are named by what the field is, not by their pattern. */

const widgetFaults: Readonly<Record<string, string>> = {
  idNumber: '身份证号应为 18 位，请对着证件核对',
  uscc: '统一社会信用代码应为 18 位，请对着执照核对',
  signature: '签名不完整，请重新签一次',
  phone: '应为 11 位手机号，或带区号的座机，如 0751-3812345',
  bankAccount: '银行账号的位数不对，请对着存折或卡核对',
  date: '日期不对，请按年月日填 8 位数字，如 19480512',
  division: '请从名单里选择镇和村',
}

const count = (limit: unknown): string => (typeof limit === 'number' ? String(limit) : '')

/**
 * A sentence for one failed keyword of JSON Schema.
 * @param limit the keyword's value in the schema, e.g. 40 of `maxLength: 40`.
 * @param widget the field's `ui:widget`, which knows best what the field is.
 */
export function faultInWords(keyword: string, limit: unknown, widget: string | undefined): string {
  if (keyword === 'required') return '必填'
  const ofWidget = widget === undefined ? undefined : widgetFaults[widget]
  if (ofWidget !== undefined) return ofWidget
  switch (keyword) {
    case 'minLength':
      return limit === 1 ? '必填' : `至少 ${count(limit)} 个字`
    case 'maxLength':
      return `最多 ${count(limit)} 个字`
    case 'minimum':
    case 'exclusiveMinimum':
      return `不能小于 ${count(limit)}`
    case 'maximum':
    case 'exclusiveMaximum':
      return `不能大于 ${count(limit)}`
    case 'minItems':
      return `至少填 ${count(limit)} 行`
    case 'maxItems':
      return `最多填 ${count(limit)} 行`
    case 'enum':
      return '请从名单里选择'
    case 'const':
      return '需要勾选'
    case 'type':
      return '应为数字，或格式不对'
    case 'format':
      return limit === 'date' ? '日期不对，请按年月日填 8 位数字，如 19480512' : '格式不对，请核对'
    default:
      return '格式不对，请核对'
  }
}
