/** What a form may be drawn with: RJSF's `ui:widget`, by the type of answer that each takes. Another one would break the page. */
export const formWidgets: Readonly<Record<string, readonly string[]>> = {
  text: ['string', 'integer', 'number'],
  textarea: ['string'],
  idNumber: ['string'],
  uscc: ['string'],
  phone: ['string'],
  division: ['string'],
  bankAccount: ['string'],
  date: ['string'],
  signature: ['string'],
  radio: ['string', 'integer', 'number', 'boolean'],
  select: ['string', 'integer', 'number', 'boolean'],
  checkbox: ['boolean'],
}

/** What may stand beside a question in `ui`. */
export const uiKeys: readonly string[] = ['ui:order', 'ui:widget', 'ui:options', 'ui:help', 'ui:placeholder']
/** What may stand in `ui:options`. */
export const uiOptions: readonly string[] = ['group', 'addLabel', 'wide']
