import { UsbOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { StickRelease } from '../../../preload/contract/catalogue.ts'
import { useAct } from '../../app/client.ts'
import { momentOf } from '../../ui/dates.ts'
import { ErrorNotice, Notice } from '../../ui/ErrorNotice.tsx'

/** A release from a stick: what lies on it, and taking it in, checked as over the link. */
export function FromStick() {
  const { t } = useTranslation()
  const look = useAct('catalogue.onSticks')
  const take = useAct('catalogue.takeFile')
  const files = look.data?.files
  return (
    <div className="from-stick">
      <Button icon={<UsbOutlined />} loading={look.isPending} onClick={() => look.mutate({})}>
        {t('standards.release.fromStick')}
      </Button>
      {files?.length === 0 ? <p role="status">{t('standards.release.noStick')}</p> : null}
      <ul>
        {files?.map((one) => (
          <li key={`${one.folder} ${one.file}`}>
            <StickFile
              one={one}
              isBusy={take.isPending}
              onTake={() => take.mutate({ folder: one.folder, file: one.file }, { onSettled: () => look.mutate({}) })}
            />
          </li>
        ))}
      </ul>
      {take.data === undefined ? null : <Notice tone="good">{take.data.said}</Notice>}
      <ErrorNotice error={take.error ?? look.error} />
    </div>
  )
}

function StickFile(props: { readonly one: StickRelease; readonly isBusy: boolean; readonly onTake: () => void }) {
  const { t } = useTranslation()
  const { label, file, release, note, effectiveAtUtc, state } = props.one
  if (effectiveAtUtc === null) return <span>{t('standards.release.onStickDamaged', { label, file })}</span>
  const told = t('standards.release.onStick', { label, release, at: momentOf(effectiveAtUtc) })
  return (
    <>
      <span>
        {told}
        {note === '' ? '' : ` · ${note}`}
      </span>
      {state === 'here' ? (
        <span className="tag tag-plain">{t('standards.release.onStickHere')}</span>
      ) : (
        <Button type="default" disabled={props.isBusy} onClick={props.onTake}>
          {t('standards.release.take', { release })}
        </Button>
      )}
    </>
  )
}
