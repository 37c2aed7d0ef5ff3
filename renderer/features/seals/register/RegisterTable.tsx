import { FileSearchOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Impression } from '../../../../preload/contract/seals.ts'
import { paths } from '../../../app/paths.ts'
import { useHere } from '../../../app/session.ts'
import { shortNumber } from '../../../ui/case-words.ts'
import { DeliveryDots } from '../../../ui/DeliveryDots.tsx'
import { shortMomentOf } from '../../../ui/dates.ts'

const columns = ['seq', 'at', 'seal', 'paper', 'applicant', 'reason', 'person', 'form', 'delivery'] as const

/** A stretch of the register as a table, with the ways to what is newer and older. */
export function RegisterTable(props: {
  readonly impressions: readonly Impression[]
  readonly hasNewer: boolean
  readonly hasOlder: boolean
  readonly onNewer: () => void
  readonly onOlder: () => void
}) {
  const { t } = useTranslation()
  return (
    <>
      {props.hasNewer ? <Button onClick={props.onNewer}>{t('register.newer')}</Button> : null}
      <table className="register-table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className={`register-${column}`}>
                {t(`register.column.${column}`)}
              </th>
            ))}
            <th scope="col">
              <span className="visually-hidden">{t('register.check')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.impressions.map((impression) => (
            <Row key={impression.seq} impression={impression} />
          ))}
        </tbody>
      </table>
      {props.hasOlder ? <Button onClick={props.onOlder}>{t('register.older')}</Button> : null}
    </>
  )
}

function Row({ impression }: { readonly impression: Impression }) {
  const { t } = useTranslation()
  const { station } = useHere()
  const [, go] = useLocation()
  const { localNumber, matterName, approvedBy, documentId } = impression
  return (
    <tr>
      <td className="number">{impression.seq}</td>
      <td className="number register-at">{shortMomentOf(impression.sealedAtUtc, station.todayInShanghai)}</td>
      <td>{impression.sealName}</td>
      <td>
        {impression.title}
        {localNumber === '' ? null : (
          <div className="quiet">
            <span className="number">{shortNumber(localNumber)}</span> {matterName}
          </div>
        )}
      </td>
      <td>{impression.applicantMasked}</td>
      <td>{impression.reason}</td>
      <td>
        {impression.askedBy}
        {approvedBy === '' ? null : <div className="quiet">{t('register.approved', { name: approvedBy })}</div>}
      </td>
      <td>
        {t(`register.form.${impression.form}`)}
        {impression.timestampedAtUtc === null ? null : <div className="quiet">{t('register.timestamped')}</div>}
      </td>
      <td>
        <DeliveryDots delivery={impression.delivery} />
      </td>
      <td>
        <Button icon={<FileSearchOutlined />} onClick={() => go(paths.seals.verifyDocument(documentId))}>
          {t('register.check')}
        </Button>
      </td>
    </tr>
  )
}
