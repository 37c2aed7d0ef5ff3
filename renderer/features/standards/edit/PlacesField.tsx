import { Select } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { placeDigits } from '../../../../preload/contract/standards/scope.ts'
import { towns } from '../../../ui/form/divisions.ts'
import { useEditor } from './editor-ground.ts'
import { idOf } from './FieldFindings.tsx'
import { listOf, type Path, pointerOf, textOf, valueAt } from './json-edit.ts'

/** 收件的镇村: towns and villages by name, or by code for who has a list of codes; none: everywhere. A code that the county does not have stays to be seen and taken out. */
export function PlacesField({ path, label }: { readonly path: Path; readonly label: string }) {
  const { t } = useTranslation()
  const { value: root, change, isLocked } = useEditor()
  const codes = listOf(valueAt(root, path)).map(textOf)
  const options = useMemo(
    () => [
      ...countyCodes.map((code) => ({ value: code, label: t('standardsDesk.edit.wholeCounty') })),
      ...towns.map(({ code, name, villages }) => ({
        label: name,
        title: name,
        options: [
          { value: code, label: t('standardsDesk.publish.wholeTown', { name }) },
          ...villages.map((village) => ({ value: village.code, label: `${name} ${village.name}` })),
        ],
      })),
    ],
    [t],
  )
  return (
    <>
      <Select
        id={idOf(pointerOf(path))}
        aria-label={label}
        mode="multiple"
        disabled={isLocked}
        placeholder={t('standardsDesk.edit.placesEverywhere')}
        value={[...new Set(codes.map(placeDigits))]}
        filterOption={(typed, option) => isFound(typed, option)}
        options={options}
        onChange={(chosen: string[]) => change(path, chosen.toSorted())}
      />
      <span className="quiet">{t('standardsDesk.edit.placesText')}</span>
    </>
  )
}

const countyCodes = [...new Set(towns.map(({ code }) => code.slice(0, 6)))]

type Found = { readonly value?: unknown; readonly label?: unknown }

function isFound(typed: string, option: Found | undefined): boolean {
  const wanted = typed.trim()
  return [option?.label, option?.value].some((text) => typeof text === 'string' && text.includes(wanted))
}
