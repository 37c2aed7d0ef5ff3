import { Input, Radio } from 'antd'
import { useTranslation } from 'react-i18next'
import type { SealFace } from '../../../../preload/contract/seals.ts'
import { Field } from '../../../ui/Field.tsx'

/** What stands on a seal, field by field. */
export function FaceFields({
  face,
  onChange,
}: {
  readonly face: SealFace
  readonly onChange: (face: SealFace) => void
}) {
  const { t } = useTranslation()
  const text = (key: 'name' | 'organisation' | 'purposeLine' | 'code', label: string, longest: number) => (
    <Field id={`face-${key}`} label={label}>
      <Input
        id={`face-${key}`}
        value={face[key]}
        maxLength={longest}
        {...(key === 'code' ? { inputMode: 'numeric' as const } : {})}
        onChange={(event) => {
          const value = key === 'code' ? event.target.value.replace(/\D/g, '') : event.target.value
          onChange({ ...face, [key]: value })
        }}
      />
    </Field>
  )
  return (
    <fieldset className="face-fields">
      <legend>{t('custody.face')}</legend>
      {text('organisation', t('custody.faceOrganisation'), 60)}
      {text('name', t('custody.faceName'), 60)}
      {text('purposeLine', t('custody.facePurpose'), 20)}
      {text('code', t('custody.faceCode'), 18)}
      <Field id="face-size" label={t('custody.faceSize')}>
        <Radio.Group
          id="face-size"
          value={face.diameterMm}
          options={([42, 45] as const).map((count) => ({ value: count, label: t('custody.sizeMm', { count }) }))}
          onChange={(event) => onChange({ ...face, diameterMm: event.target.value as SealFace['diameterMm'] })}
        />
      </Field>
      <Field id="face-emblem" label={t('custody.faceEmblem')}>
        <Radio.Group
          id="face-emblem"
          value={face.emblem}
          options={(['star', 'national'] as const).map((value) => ({ value, label: t(`custody.emblem.${value}`) }))}
          onChange={(event) => onChange({ ...face, emblem: event.target.value as SealFace['emblem'] })}
        />
      </Field>
    </fieldset>
  )
}
