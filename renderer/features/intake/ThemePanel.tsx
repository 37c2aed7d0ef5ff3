import { MinusCircleOutlined } from '@ant-design/icons'
import { Checkbox } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Draft } from '../../../preload/contract/views.ts'
import { callDesk, useBridge } from '../../app/client.ts'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import type { DraftStandard, OpenDraft } from './open-draft.ts'

/** A draft and what it asks; of a theme both follow the choice among its matters. */
export function useChoice(opened: OpenDraft) {
  const bridge = useBridge()
  const { keeper } = opened
  const [shown, setShown] = useState<{ readonly draft: Draft; readonly standard: DraftStandard }>(opened)
  const [error, setError] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)
  const choose = async (itemIds: readonly string[]) => {
    if (isBusy || !(await keeper.flush())) return
    setBusy(true)
    try {
      const { draftId } = opened.draft
      const { draft, check } = await callDesk(bridge, 'drafts.chooseMatters', { draftId, itemIds: [...itemIds] })
      setShown({ draft, standard: await callDesk(bridge, 'drafts.form', { draftId }) })
      keeper.takeCheck(check)
      setError(null)
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return { ...shown, choose, error }
}

/** Which matters of a 一件事 are taken in: ticked, with for whom each is. At least one stays; what was answered for the others stays too. */
export function ThemePanel(props: {
  readonly theme: NonNullable<Draft['theme']>
  readonly error: unknown
  readonly onChoose: (itemIds: readonly string[]) => void
}) {
  const { t } = useTranslation()
  const { members, closed, description } = props.theme
  const [isLast, setLast] = useState(false)
  const wanted = members.filter((member) => member.wanted).map(({ itemId }) => itemId)
  const toggle = (itemId: string, isWanted: boolean) => {
    const next = members
      .filter((member) => (member.itemId === itemId ? isWanted : member.wanted))
      .map((member) => member.itemId)
    setLast(next.length === 0)
    if (next.length > 0) props.onChoose(next)
  }
  const hint = isLast ? t('intake.themeLast') : wanted.length < members.length ? t('intake.themeKept') : description
  return (
    <section className="theme-panel panel" aria-label={t('intake.themeChoose')}>
      <strong className="theme-title">{t('intake.themeChoose')}</strong>
      <ul className="theme-members">
        {members.map(({ itemId, name, when, wanted: isWanted }) => (
          <li key={itemId}>
            <Checkbox checked={isWanted} onChange={(event) => toggle(itemId, event.target.checked)}>
              {name}
              {when === '' ? null : <span className="quiet">（{when}）</span>}
            </Checkbox>
          </li>
        ))}
        {closed.map((name) => (
          <li key={name} className="theme-closed quiet">
            <MinusCircleOutlined aria-hidden="true" /> {t('intake.themeClosed', { name })}
          </li>
        ))}
      </ul>
      <span className={isLast ? 'theme-hint state-warn' : 'theme-hint quiet small'} role="status">
        {hint}
      </span>
      <ErrorNotice error={props.error} />
    </section>
  )
}
