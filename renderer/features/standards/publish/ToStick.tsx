import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { KnownRelease } from '../../../../preload/contract/standards/publishing.ts'
import type { Stick } from '../../../../preload/contract/sync.ts'
import { useAct, useCall } from '../../../app/client.ts'
import { sizeInWords } from '../../../ui/dates.ts'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'

/** Writes a release to the stick that is plugged in; where several are, to the one that is chosen: its number is used up by it. */
export function ToStick({ release }: { readonly release: KnownRelease }) {
  const { t } = useTranslation()
  const [choice, setChoice] = useState<readonly Stick[]>([])
  const [isMissing, setMissing] = useState(false)
  const sticks = useCall('bundle.sticks', {}, { enabled: false })
  const write = useAct('standards.toStick')
  const writeTo = ({ stickId }: Stick) => {
    setChoice([])
    write.mutate({ sha256: release.sha256, stickId })
  }
  const run = async () => {
    write.reset()
    const found = (await sticks.refetch()).data?.sticks ?? []
    const [only, ...others] = found
    setMissing(only === undefined)
    if (only !== undefined && others.length === 0) writeTo(only)
    else setChoice(found)
  }
  return (
    <>
      <Button loading={write.isPending} onClick={() => void run()}>
        {t('standardsDesk.publish.stick')}
      </Button>
      {choice.length === 0 ? null : (
        <fieldset className="release-sticks">
          <legend>{t('standardsDesk.publish.stickWhich')}</legend>
          {choice.map((stick) => (
            <Button key={stick.stickId} onClick={() => writeTo(stick)}>
              {t('sync.stick.found', { name: stick.label, free: sizeInWords(stick.freeBytes) })}
            </Button>
          ))}
        </fieldset>
      )}
      {isMissing ? <Notice tone="warn">{t('standardsDesk.publish.stickNone')}</Notice> : null}
      <ErrorNotice error={sticks.error ?? write.error} />
      {write.data === undefined ? null : (
        <Notice tone="good">{t('standardsDesk.publish.stickDone', { name: write.data.said })}</Notice>
      )}
    </>
  )
}
