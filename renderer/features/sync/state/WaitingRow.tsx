// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtual list are boxes in places of their own; roles say what they are
import {
  CloudUploadOutlined,
  ContainerOutlined,
  FileImageOutlined,
  FileTextOutlined,
  PictureOutlined,
  ProfileOutlined,
} from '@ant-design/icons'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { WaitingItem } from '../../../../preload/contract/sync.ts'
import { shortNumber } from '../../../ui/case-words.ts'
import { clockOf, sizeInWords } from '../../../ui/dates.ts'
import { useEta } from '../../../ui/eta.ts'
import { ProgressBar, percentOf } from '../../../ui/ProgressBar.tsx'

const icons: { readonly [K in WaitingItem['kind']]: ReactNode } = {
  text: <FileTextOutlined />,
  other: <ProfileOutlined />,
  receipt: <ContainerOutlined />,
  copy: <FileImageOutlined />,
  original: <PictureOutlined />,
}

/** One thing that is still here: what it is and whose, how much of it is gone, when the rest will be, and what holds it up. */
export function WaitingRow(props: {
  readonly id: string
  readonly number: number
  readonly top: number
  readonly height: number
  readonly item: WaitingItem | undefined
  readonly isChosen: boolean
  /** While nothing moves, nobody is promised a time. */
  readonly isOffline: boolean
  /** The hall's relay keeps the text until the county is back. */
  readonly isAtHall: boolean
  readonly onChoose: () => void
  readonly onOpen: () => void
}) {
  const { item } = props
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys for all its rows
    <div
      id={props.id}
      className={props.isChosen ? 'waiting-row waiting-row-chosen' : 'waiting-row'}
      role="row"
      tabIndex={-1}
      aria-rowindex={props.number}
      aria-selected={props.isChosen}
      style={{ height: props.height, transform: `translateY(${props.top}px)` }}
      onClick={props.onChoose}
      onDoubleClick={props.onOpen}
    >
      {item === undefined ? (
        <span className="case-coming" role="gridcell" tabIndex={-1} />
      ) : (
        <Cells number={props.number} item={item} isOffline={props.isOffline} isAtHall={props.isAtHall} />
      )}
    </div>
  )
}

function Cells(props: {
  readonly number: number
  readonly item: WaitingItem
  readonly isOffline: boolean
  readonly isAtHall: boolean
}) {
  const { t } = useTranslation()
  const { number, item } = props
  const whose = [shortNumber(item.localNumber), item.applicantMasked].filter((part) => part !== '').join(' ')
  return (
    <>
      <span role="gridcell" tabIndex={-1} className="waiting-number number">
        {number}
      </span>
      <span role="gridcell" tabIndex={-1} className="waiting-kind">
        <span aria-hidden="true">{icons[item.kind]}</span> {t(`sync.waiting.kind.${item.kind}`)}
      </span>
      <span role="gridcell" tabIndex={-1} className="waiting-what">
        <span className="number">{whose === '' ? t('sync.waiting.noCase') : whose}</span>
        <span className="quiet" title={item.title}>
          {item.title}
        </span>
      </span>
      <span role="gridcell" tabIndex={-1} className="waiting-size number">
        {sizeInWords(item.sizeBytes)}
        {item.sentBytes === 0 ? null : (
          <span className="waiting-share">
            <ProgressBar share={item.sentBytes / item.sizeBytes} label={item.title} />
            {percentOf(item.sentBytes, item.sizeBytes)}%
          </span>
        )}
      </span>
      {isHeldByLink(item, props.isOffline) ? (
        <span role="gridcell" tabIndex={-1} className="waiting-state">
          {t(props.isAtHall ? 'sync.waiting.county' : 'sync.waiting.offline')}
        </span>
      ) : (
        <span role="gridcell" tabIndex={-1} className={`waiting-state waiting-state-${item.state}`}>
          <Progress item={item} isOffline={props.isOffline} />
        </span>
      )}
    </>
  )
}

const stateWords = {
  sending: 'sync.waiting.sending',
  waiting: 'sync.waiting.queued',
  night: 'sync.waiting.night',
  sealing: 'sync.waiting.sealing',
  'at-hall': 'sync.waiting.atHall',
  failed: 'sync.waiting.failed',
} as const

/** Whether nothing but the link holds it up: why that is down stands beside the list, once for all rows. */
const isHeldByLink = ({ kind, state }: WaitingItem, isOffline: boolean) =>
  isOffline && (kind === 'text' || kind === 'other' || state === 'waiting')

/** In words what becomes of it. */
function Progress({ item, isOffline }: { readonly item: WaitingItem; readonly isOffline: boolean }) {
  const { t } = useTranslation()
  const etaWords = useEta()
  const eta = item.etaSeconds === null || isOffline ? '' : t('sync.waiting.done', { time: etaWords(item.etaSeconds) })
  const below = belowWords(t, item, eta)
  return (
    <>
      <span>
        {item.state === 'sending' ? <CloudUploadOutlined aria-hidden="true" /> : null} {t(stateWords[item.state])}
        {below === eta || eta === '' || item.state === 'sealing' ? null : ` · ${eta}`}
      </span>
      <span className="quiet" title={below}>
        {below}
      </span>
    </>
  )
}

/** What hindered the last try is of no interest any more once it moves. */
function belowWords(t: TFunction, item: WaitingItem, eta: string): string {
  const time = item.nextTryUtc === null ? '' : clockOf(item.nextTryUtc)
  if (item.state === 'sealing') return time === '' ? '' : t('sync.waiting.sealingUntil', { time })
  if (item.lastError === '' || item.state === 'sending') return eta
  const next = time === '' ? '' : t('sync.waiting.nextTry', { time })
  return [item.lastError, next].filter((part) => part !== '').join(' · ')
}
