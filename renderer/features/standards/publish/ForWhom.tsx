import { Radio, Select } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { CountyWindows } from '../../../../preload/contract/standards/county.ts'
import { useCall } from '../../../app/client.ts'
import { Notice } from '../../../ui/ErrorNotice.tsx'
import { Field } from '../../../ui/Field.tsx'
import { towns } from '../../../ui/form/divisions.ts'
import { windowLabel } from '../target-words.ts'
import { Step, type StepProps } from './Step.tsx'

/** Windows and tags change slowly; a centre that was away is asked again. */
const windowsEveryMs = 60_000

/** 给谁: some places first, or everybody. Places are the county's towns and villages; windows and tags as the centre knows them. */
export function ForWhom({ form, now, onChange }: StepProps) {
  const { t } = useTranslation()
  const known = useCall('standards.windows', {}, { everyMs: windowsEveryMs })
  const windows = known.data?.windows ?? null
  const options = useOptions(windows)
  return (
    <Step number={1} now={now} title={t('standardsDesk.publish.who')}>
      <Radio.Group
        className="publish-choice"
        value={form.who}
        onChange={(event) => onChange({ who: event.target.value === 'all' ? 'all' : 'ring' })}
        options={[
          { value: 'ring', label: t('standardsDesk.publish.whoRing') },
          { value: 'all', label: t('standardsDesk.publish.whoAll') },
        ]}
      />
      {form.who === 'all' ? null : (
        <Field id="publish-places" label={t('standardsDesk.publish.whoPick')}>
          <Select
            id="publish-places"
            // What the centre has no window for reaches nobody: only where it cannot be asked may a word be typed.
            mode={windows === null ? 'tags' : 'multiple'}
            maxTagTextLength={14}
            placeholder={t('standardsDesk.publish.whoPlaceholder')}
            value={[...form.places]}
            filterOption={(typed, option) => isFound(typed, option)}
            options={options}
            onChange={(chosen: string[]) =>
              onChange({ places: chosen.map((one) => one.trim()).filter((one) => one !== '') })
            }
          />
        </Field>
      )}
      {form.who === 'all' || known.data === undefined || windows !== null ? null : (
        <Notice tone="warn">{t('standardsDesk.publish.whoUnknown')}</Notice>
      )}
      <p className="quiet">{t('standardsDesk.publish.whoText')}</p>
    </Step>
  )
}

type Found = { readonly value?: unknown; readonly label?: unknown }

/** By name, or by code for who has a list of codes. */
function isFound(typed: string, option: Found | undefined): boolean {
  const wanted = typed.trim()
  return [option?.label, option?.value].some((text) => typeof text === 'string' && text.includes(wanted))
}

function useOptions(windows: CountyWindows['windows'] | null) {
  const { t } = useTranslation()
  return useMemo(() => {
    const counted = (label: string, count: number) =>
      windows === null ? label : `${label}${t('standardsDesk.publish.whoCount', { count })}`
    const below = (code: string) => (windows ?? []).filter(({ stationId }) => stationId.startsWith(code))
    const places = towns.map(({ code, name, villages }) => ({
      label: name,
      title: name,
      options: [
        { value: code, label: counted(t('standardsDesk.publish.wholeTown', { name }), below(code).length) },
        ...villages.flatMap((village) => {
          const here = below(village.code)
          return [
            { value: village.code, label: counted(`${name} ${village.name}`, here.length) },
            // One window is its village.
            ...(here.length < 2
              ? []
              : here.map((one) => ({
                  value: one.stationId,
                  label: `${name} ${windowLabel(one.stationId, one.windowName)}`,
                }))),
          ]
        }),
      ],
    }))
    const tags = tagsOf(windows ?? []).map(([tag, count]) => ({ value: tag, label: counted(tag, count) }))
    if (tags.length === 0) return places
    const title = t('standardsDesk.publish.whoTags')
    return [{ label: title, title, options: tags }, ...places]
  }, [t, windows])
}

/** The centre's words for windows, with how many have each. */
function tagsOf(windows: CountyWindows['windows']): (readonly [string, number])[] {
  const counts = new Map<string, number>()
  for (const { tags } of windows) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  return [...counts].toSorted(([a], [b]) => a.localeCompare(b, 'zh-CN'))
}
