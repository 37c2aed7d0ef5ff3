import {
  BellFilled,
  CheckCircleOutlined,
  CloudUploadOutlined,
  PictureOutlined,
  ReadFilled,
  RollbackOutlined,
} from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useCall } from '../client.ts'
import { paths } from '../paths.ts'

/** How often the day may have turned, after which nothing changed today. */
const dayTurnedMs = 600_000

/** What is counted in the bar: cases not delivered, cases returned (a colour of their own), notices not read, standards that changed today. */
export function StationCounts() {
  const { t } = useTranslation()
  const { data } = useCall('sync.status', {})
  if (data === undefined) return null
  const { unsentCases, unsentFiles, returnedCases, unreadNotices } = data
  const onlyFiles = unsentCases === 0 && unsentFiles > 0
  return (
    <>
      <Link href={paths.sync.state} className={unsentCases > 0 ? 'bar-link bar-link-unsent' : 'bar-link'}>
        <span aria-hidden="true">
          {unsentCases > 0 ? <CloudUploadOutlined /> : onlyFiles ? <PictureOutlined /> : <CheckCircleOutlined />}
        </span>
        <span>
          {unsentCases > 0
            ? t('bar.unsent', { count: unsentCases })
            : onlyFiles
              ? t('bar.unsentFiles', { count: unsentFiles })
              : t('bar.allSent')}
        </span>
      </Link>
      {returnedCases === 0 ? null : (
        <Link href={paths.casesIn('returned')} className="bar-link bar-link-returned">
          <RollbackOutlined aria-hidden="true" />
          <span>{t('bar.returned', { count: returnedCases })}</span>
        </Link>
      )}
      <UpdatesToday />
      {unreadNotices === 0 ? null : (
        <Link
          href={paths.sync.notices}
          className="bar-link bar-link-notices"
          aria-label={t('bar.notices', { count: unreadNotices })}
          title={t('bar.notices', { count: unreadNotices })}
        >
          <BellFilled aria-hidden="true" />
          <span className="bar-word">{t('bar.notices', { count: unreadNotices })}</span>
          <span className="bar-number">{unreadNotices}</span>
        </Link>
      )}
    </>
  )
}

/** 今天有 N 个事项更新: leads to what changed in them. */
function UpdatesToday() {
  const { t } = useTranslation()
  const count = useCall('standards.updates', {}, { everyMs: dayTurnedMs }).data?.updates.length ?? 0
  if (count === 0) return null
  const words = t('standardsDesk.today.bar', { count })
  return (
    <Link href={paths.standards} className="bar-link bar-link-notices" aria-label={words} title={words}>
      <ReadFilled aria-hidden="true" />
      <span className="bar-word">{words}</span>
      <span className="bar-number">{count}</span>
    </Link>
  )
}
