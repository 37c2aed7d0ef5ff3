import { CheckCircleFilled } from '@ant-design/icons'
import type { WidgetProps } from '@rjsf/utils'
import { Button, Checkbox, Input, Radio, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isCreditCode, normaliseIdNumber, normalisePhone } from '../../../preload/contract/identity.ts'
import { townOf, towns } from './divisions.ts'
import type { FormSurroundings } from './form-surroundings.ts'
import { idNumberInWords } from './identity-fill.ts'
import { focusNextField } from './keyboard.ts'
import { dateFromTyped, dateInChinese, digitsOf, groupedByFour } from './typed-text.ts'

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const errorId = (props: WidgetProps) => (props.rawErrors?.length ? `${props.id}__error` : undefined)

/** An input that shows what is typed and stores its plain form at every keystroke; afterwards it shows what is stored. */
function PlainInput(
  props: WidgetProps & {
    readonly plain: (text: string) => string
    readonly mode?: 'numeric' | 'tel' | 'text'
    readonly shown?: (text: string) => string
    readonly longest: number
  },
) {
  const [typed, setTyped] = useState<string | null>(null)
  const stored = textOf(props.value)
  return (
    <Input
      id={props.id}
      className="number"
      value={typed ?? (props.shown === undefined ? stored : props.shown(stored))}
      inputMode={props.mode ?? 'text'}
      maxLength={props.longest}
      autoComplete="off"
      spellCheck={false}
      placeholder={props.placeholder ?? ''}
      disabled={props.disabled === true || props.readonly === true}
      aria-required={props.required === true}
      aria-invalid={props.rawErrors !== undefined && props.rawErrors.length > 0}
      aria-describedby={errorId(props)}
      onChange={(event) => {
        setTyped(event.target.value)
        const plain = props.plain(event.target.value)
        props.onChange(plain === '' ? undefined : plain)
      }}
      onBlur={() => setTyped(null)}
    />
  )
}

/** 身份证号: says at once whose birthday and sex it carries, or which part cannot be right. */
export function IdNumberWidget(props: WidgetProps) {
  const { today } = props.registry.formContext as FormSurroundings
  const text = textOf(props.value)
  const told = normaliseIdNumber(text).length < 18 ? null : idNumberInWords(text, today)
  return (
    <>
      <PlainInput {...props} plain={normaliseIdNumber} longest={24} />
      {told?.ok === true ? (
        <span className="form-good">
          <CheckCircleFilled aria-hidden="true" /> {told.words}
        </span>
      ) : null}
    </>
  )
}

/** 统一社会信用代码: says at once that the code is right by its own check (GB 32100). */
export function CreditCodeWidget(props: WidgetProps) {
  const { t } = useTranslation()
  return (
    <>
      <PlainInput {...props} plain={normaliseIdNumber} longest={24} />
      {isCreditCode(textOf(props.value)) ? (
        <span className="form-good">
          <CheckCircleFilled aria-hidden="true" /> {t('intake.creditCodeRight')}
        </span>
      ) : null}
    </>
  )
}

/** 联系电话: a mobile or a landline number. */
export function PhoneWidget(props: WidgetProps) {
  return <PlainInput {...props} plain={normalisePhone} mode="tel" longest={20} />
}

/** 银行账号: shown in groups of four, stored as digits. */
export function BankAccountWidget(props: WidgetProps) {
  return <PlainInput {...props} plain={digitsOf} mode="numeric" shown={groupedByFour} longest={40} />
}

/** A date by typing: eight digits are enough. What is no date is kept as typed, so that nothing is lost, and told. */
export function DateWidget(props: WidgetProps) {
  const { t } = useTranslation()
  return (
    <PlainInput
      {...props}
      plain={(text) => dateFromTyped(text) ?? text.trim()}
      shown={dateInChinese}
      placeholder={props.placeholder || t('intake.datePlaceholder')}
      mode="numeric"
      longest={14}
    />
  )
}

/** Several lines of text. Not antd's growing kind: it measures through a style attribute, which the content security policy forbids. */
export function TextareaWidget(props: WidgetProps) {
  const text = textOf(props.value)
  return (
    <Input.TextArea
      id={props.id}
      value={text}
      rows={3}
      placeholder={props.placeholder ?? ''}
      disabled={props.disabled === true || props.readonly === true}
      aria-required={props.required === true}
      aria-describedby={errorId(props)}
      onChange={(event) => props.onChange(event.target.value === '' ? undefined : event.target.value)}
    />
  )
}

const findByLabel = (typed: string, option?: { readonly label?: unknown }) =>
  String(option?.label ?? '').includes(typed.trim())

/** 镇 → 村: two lists; the stored value is the village's 12-digit code, or the town's while no village is chosen. */
export function DivisionWidget(props: WidgetProps) {
  const { t } = useTranslation()
  const code = textOf(props.value)
  const town = townOf(code)
  const { ownDivision } = props.registry.formContext as FormSurroundings
  const own =
    town === undefined ? townOf(ownDivision)?.villages.find((village) => village.code === ownDivision) : undefined
  const isDisabled = props.disabled === true || props.readonly === true
  return (
    <div className="form-division">
      <Select
        id={props.id}
        aria-label={t('intake.town', { label: props.label })}
        value={town?.code ?? null}
        placeholder={t('intake.townPlaceholder')}
        disabled={isDisabled}
        showSearch={{ filterOption: findByLabel }}
        options={towns.map(({ code: value, name: label }) => ({ value, label }))}
        onChange={(next) => props.onChange(next ?? undefined)}
      />
      <Select
        id={`${props.id}-village`}
        aria-label={t('intake.village', { label: props.label })}
        value={town !== undefined && code.length === 12 ? code : null}
        placeholder={t('intake.villagePlaceholder')}
        disabled={isDisabled || town === undefined}
        showSearch={{ filterOption: findByLabel }}
        options={town?.villages.map(({ code: value, name: label }) => ({ value, label })) ?? []}
        onChange={(next) => props.onChange(next ?? undefined)}
      />
      {own === undefined ? null : (
        <Button
          disabled={isDisabled}
          onClick={(event) => {
            // The button goes away with the choice: the focus goes on to the next field, not nowhere.
            const form = event.currentTarget.closest<HTMLElement>('.schema-form')
            const town = form?.querySelector<HTMLElement>(`[id="${props.id}"]`)
            props.onChange(own.code)
            if (form && town) focusNextField(form, town)
          }}
        >
          {t('intake.ownVillage', { name: own.name })}
        </Button>
      )}
    </div>
  )
}

/** A choice from the standard's list: side by side where it is short, else a list to search in; several of it are ticked. */
export function ChoiceWidget(props: WidgetProps) {
  const { t } = useTranslation()
  const choices = (props.options.enumOptions ?? []).map(({ value, label }) => ({ value, label }))
  const isShort = choices.length <= 4 && choices.map(({ label }) => label).join('').length <= 14
  const isDisabled = props.disabled === true || props.readonly === true
  if (props.multiple === true)
    return (
      <Checkbox.Group
        className="form-checks"
        aria-label={props.label}
        value={Array.isArray(props.value) ? props.value : []}
        disabled={isDisabled}
        options={choices}
        onChange={(ticked) =>
          props.onChange(choices.map(({ value }) => value).filter((value) => ticked.includes(value)))
        }
      />
    )
  if (isShort)
    return (
      <Radio.Group
        id={props.id}
        name={props.id}
        className="form-radio"
        aria-label={props.label}
        value={props.value ?? null}
        disabled={isDisabled}
        options={choices}
        onChange={(event) => props.onChange(event.target.value)}
      />
    )
  return (
    <Select
      id={props.id}
      aria-label={props.label}
      className="form-select"
      value={props.value ?? null}
      placeholder={t('intake.choose')}
      disabled={isDisabled}
      allowClear={props.required !== true}
      showSearch={{ filterOption: findByLabel }}
      options={choices}
      onChange={(value) => props.onChange(value ?? undefined)}
    />
  )
}
