import {
  CheckCircleFilled,
  CheckCircleOutlined,
  CloseCircleOutlined,
  ExclamationCircleFilled,
  FileDoneOutlined,
  InboxOutlined,
} from '@ant-design/icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseState } from '../../preload/contract/case-steps.ts'
import type { CaseSummary } from '../../preload/contract/views.ts'

const looks: { readonly [S in CaseState]: readonly [tone: string, icon: ReactNode] } = {
  received: ['plain', <InboxOutlined key="i" />],
  corrections: ['warn', <ExclamationCircleFilled key="i" />],
  refused: ['bad', <CloseCircleOutlined key="i" />],
  accepted: ['info', <CheckCircleOutlined key="i" />],
  approved: ['good', <CheckCircleFilled key="i" />],
  denied: ['bad', <CloseCircleOutlined key="i" />],
  closed: ['good', <FileDoneOutlined key="i" />],
}

/** Whether the centre asked for corrections and the window has sent them: now the centre has to answer. */
export function isMended({ state, returned }: Pick<CaseSummary, 'state' | 'returned'>): boolean {
  return state === 'corrections' && !returned
}

/** Where a case stands, as an icon and a word. */
export function StateTag({ summary }: { readonly summary: Pick<CaseSummary, 'state' | 'returned'> }) {
  const { t } = useTranslation()
  const mended = isMended(summary)
  const [tone, icon] = looks[mended ? 'received' : summary.state]
  return (
    <span className={`tag tag-${tone}`}>
      <span aria-hidden="true">{icon}</span>
      {mended ? t('mended') : t(`state.${summary.state}`)}
    </span>
  )
}
