import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor-ground.ts'
import { movedBy, objectOf } from '../json-edit.ts'
import { withNewChoice } from './form-edit.ts'
import { questionsIn } from './form-reading.ts'
import type { QuestionChoice } from './kinds.ts'
import type { FieldProps } from './QuestionFields.tsx'

/** What may be chosen: the words that are shown, what is kept for each, their order. */
export function ChoicesField({ question, put, id, isTop }: FieldProps) {
  const { t } = useTranslation()
  const { isLocked, before } = useEditor()
  const { choices, name } = question
  // What is kept for a choice that drafts may have chosen stays; a new one's may be written.
  const kept = useMemo(() => {
    const old = isTop ? questionsIn(objectOf(before?.form)).find((one) => one.name === name) : undefined
    return new Set((old?.choices ?? []).map(({ value }) => value))
  }, [before, isTop, name])
  const write = (next: readonly QuestionChoice[]) => put({ choices: next })
  const change = (at: number, part: Partial<QuestionChoice>) =>
    write(choices.map((choice, index) => (index === at ? { ...choice, ...part } : choice)))
  const move = (at: number, by: -1 | 1) => write(movedBy(choices, at, by))
  const add = () => {
    write(withNewChoice(choices))
    requestAnimationFrame(() => document.getElementById(id(`-choice-${choices.length}`))?.focus())
  }
  return (
    <fieldset className="edit-group">
      <legend>{t('standardsDesk.questions.choices')}</legend>
      {choices.map(({ value, title }, at) => (
        // A choice is known by its place: its words and what is kept for it are being written.
        // biome-ignore lint/suspicious/noArrayIndexKey: as above
        <div key={at} className="choice-row">
          <Input
            id={id(`-choice-${at}`)}
            aria-label={t('standardsDesk.questions.choiceWords', { number: at + 1 })}
            disabled={isLocked}
            value={title}
            onChange={(event) => change(at, { title: event.target.value })}
            onPressEnter={add}
          />
          <Input
            className="choice-value"
            aria-label={t('standardsDesk.questions.choiceValue', { number: at + 1 })}
            disabled={isLocked || kept.has(value) || typeof value !== 'string'}
            value={String(value)}
            onChange={(event) => change(at, { value: event.target.value })}
          />
          <Button
            type="text"
            icon={<ArrowUpOutlined />}
            aria-label={t('standardsDesk.edit.up', { name: title })}
            disabled={isLocked || at === 0}
            onClick={() => move(at, -1)}
          />
          <Button
            type="text"
            icon={<ArrowDownOutlined />}
            aria-label={t('standardsDesk.edit.down', { name: title })}
            disabled={isLocked || at === choices.length - 1}
            onClick={() => move(at, 1)}
          />
          <Button
            type="text"
            danger
            icon={<DeleteOutlined />}
            aria-label={t('standardsDesk.edit.remove', { name: title })}
            disabled={isLocked || choices.length < 2}
            onClick={() => write(choices.filter((_, index) => index !== at))}
          />
        </div>
      ))}
      <span className="quiet">{t('standardsDesk.questions.choicesText')}</span>
      <Button icon={<PlusOutlined />} disabled={isLocked} onClick={add}>
        {t('standardsDesk.questions.choiceAdd')}
      </Button>
    </fieldset>
  )
}
