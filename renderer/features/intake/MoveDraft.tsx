import { CheckCircleFilled, SwapOutlined, WarningFilled } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { DraftMoveOffer } from '../../../preload/contract/views.ts'
import { useAct } from '../../app/client.ts'
import { useShortcut } from '../../app/shortcuts.ts'
import { ActionBar } from '../../ui/ActionBar.tsx'
import { ChangeWords } from '../../ui/ChangeWords.tsx'
import { ErrorNotice, Notice } from '../../ui/ErrorNotice.tsx'
import { KeyHint } from '../../ui/KeyHint.tsx'
import { MainAction } from '../../ui/MainAction.tsx'
import './move-draft.css'

type AnswerMove = DraftMoveOffer['answers'][number]

/** The standard of a draft changed: what changed, what of the draft stays, what does not fit. One of two answers, nothing is lost unseen. */
export function MoveDraft(props: {
  readonly draftId: string
  readonly offer: DraftMoveOffer
  readonly onMoved: () => void
  readonly onStay: () => void
}) {
  const { t } = useTranslation()
  const { draftId, offer } = props
  const move = useAct('drafts.move')
  const run = () => move.mutate({ draftId, mark: offer.mark }, { onSuccess: props.onMoved })
  useShortcut('Esc', t('standardsDesk.move.stay'), props.onStay)
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('standardsDesk.move.title', { name: offer.matterName })}</h1>
        <span className="quiet">
          {offer.fromVersion === offer.toVersion
            ? t('standardsDesk.move.introMembers')
            : t('standardsDesk.move.intro', { from: offer.fromVersion, to: offer.toVersion })}
        </span>
      </header>
      <div className="page-scroll move-columns">
        <section className="panel card">
          <h2>{t('standardsDesk.move.changed')}</h2>
          <ChangeWords changes={offer.changes} />
          <Members members={offer.members} />
        </section>
        <section className="panel card">
          <Answers answers={offer.answers} />
          <Materials materials={offer.materials} />
        </section>
      </div>
      <ErrorNotice error={move.error} />
      <ActionBar left={<span className="quiet">{t('standardsDesk.move.stayText')}</span>}>
        <Button size="large" onClick={props.onStay} aria-keyshortcuts="Escape">
          {t('standardsDesk.move.stay')} <KeyHint keys="Esc" />
        </Button>
        <MainAction label={t('standardsDesk.move.move')} icon={<SwapOutlined />} isBusy={move.isPending} onRun={run} />
      </ActionBar>
    </div>
  )
}

/** Of a theme: what became of its matters, each with what changed in it. */
function Members({ members }: Pick<DraftMoveOffer, 'members'>) {
  const { t } = useTranslation()
  return members.map(({ itemId, name, fate, wanted, changes }) => (
    <div key={itemId} className="move-member">
      <h3>
        {fate === 'closed' || fate === 'left' ? <WarningFilled aria-hidden="true" className="move-loud" /> : null}{' '}
        {name}
        <span className="quiet move-fate">
          {t(`standardsDesk.move.memberFate.${fate}`)}
          {wanted || fate === 'new' ? '' : ` ${t('standardsDesk.move.memberUnwanted')}`}
        </span>
      </h3>
      <ChangeWords changes={changes} />
    </div>
  ))
}

function Answers({ answers }: { readonly answers: readonly AnswerMove[] }) {
  const { t } = useTranslation()
  const of = (fate: AnswerMove['fate']) => answers.filter((answer) => answer.fate === fate)
  const stays = answers.filter(({ fate }) => fate !== 'dropped' && fate !== 'asked').length
  const dropped = of('dropped')
  return (
    <>
      <h2>{t('standardsDesk.move.kept')}</h2>
      <p className="state state-good">
        <CheckCircleFilled aria-hidden="true" /> {t('standardsDesk.move.keptCount', { count: stays })}
        {dropped.length === 0 ? ` ${t('standardsDesk.move.nothingLost')}` : ''}
      </p>
      <Titles title={t('standardsDesk.move.renamed')} answers={of('renamed')} />
      <Titles title={t('standardsDesk.move.recheck')} answers={of('recheck')} />
      {dropped.length === 0 ? null : (
        <Notice tone="warn">
          <strong>{t('standardsDesk.move.dropped')}</strong> {t('standardsDesk.move.droppedText')}
          <ul className="move-list">
            {dropped.map(({ path, title, value }) => (
              <li key={path}>
                {title}：<strong>{typeof value === 'string' ? value : JSON.stringify(value)}</strong>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <Titles title={t('standardsDesk.move.asked')} answers={of('asked')} />
    </>
  )
}

function Titles({ title, answers }: { readonly title: string; readonly answers: readonly AnswerMove[] }) {
  if (answers.length === 0) return null
  return (
    <p>
      <strong>{title}</strong>：{answers.map((answer) => answer.title).join('、')}
    </p>
  )
}

function Materials({ materials }: Pick<DraftMoveOffer, 'materials'>) {
  const { t } = useTranslation()
  if (materials.length === 0) return null
  const isLoud = (fate: DraftMoveOffer['materials'][number]['fate']) => fate === 'dropped' || fate === 'unpromised'
  return (
    <>
      <h2>{t('standardsDesk.move.materials')}</h2>
      <ul className="move-list">
        {materials.map(({ requirementId, name, fate }) => (
          <li key={`${requirementId} ${fate}`}>
            {isLoud(fate) ? <WarningFilled aria-hidden="true" className="move-loud" /> : null} {name}：
            {t(`standardsDesk.move.materialFate.${fate}`)}
          </li>
        ))}
      </ul>
    </>
  )
}
