import { CheckCircleFilled, CloseCircleFilled, LockOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { SealView } from '../../../../preload/contract/seals.ts'
import { useHere } from '../../../app/session.ts'
import { SealSketch } from '../SealSketch.tsx'

/** The seals of this machine as cards: the sketch, the name, whether it can be used and why not. */
export function SealChoice(props: {
  readonly seals: readonly SealView[]
  readonly chosen: SealView | undefined
  readonly onChoose: (sealId: string) => void
}) {
  const { t } = useTranslation()
  return (
    <fieldset className="sealing-group">
      <legend>{t('sealing.seal')}</legend>
      {props.seals.map((seal) => (
        <SealCard
          key={seal.sealId}
          seal={seal}
          isChosen={seal === props.chosen}
          isAlone={props.seals.length === 1}
          onChoose={() => props.onChoose(seal.sealId)}
        />
      ))}
    </fieldset>
  )
}

function SealCard(props: {
  readonly seal: SealView
  readonly isChosen: boolean
  readonly isAlone: boolean
  readonly onChoose: () => void
}) {
  const { station } = useHere()
  const { seal, isChosen } = props
  return (
    <label className={isChosen ? 'seal-card seal-card-chosen' : 'seal-card'}>
      <input
        type="radio"
        name="sealing-seal"
        className={props.isAlone ? 'visually-hidden' : undefined}
        checked={isChosen}
        onChange={props.onChoose}
      />
      <SealSketch face={seal} training={station.mode === 'training'} bare />
      <span className="seal-card-words">
        <strong>{seal.name}</strong>
        <SealUse seal={seal} />
      </span>
    </label>
  )
}

function SealUse({ seal }: { readonly seal: SealView }) {
  const { t } = useTranslation()
  if (!seal.mayUse || seal.state !== 'usable') {
    return (
      <span className="seal-card-bad">
        <CloseCircleFilled aria-hidden="true" /> {seal.mayUse ? seal.stateText : t('sealing.notYours')}
      </span>
    )
  }
  return (
    <span className="seal-card-good">
      {seal.unlocked ? <CheckCircleFilled aria-hidden="true" /> : <LockOutlined aria-hidden="true" />}{' '}
      {t(seal.unlocked ? 'seals.unlocked' : 'seals.locked')}
      {seal.lease === null ? null : ` · ${t('sealing.leaseLeft', { count: seal.lease.usesLeft })}`}
    </span>
  )
}
