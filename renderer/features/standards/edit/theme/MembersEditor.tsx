// Owns: the matters of a theme (一件事): chosen by name, for whom, and which of their questions the theme asks under other names.
// Does not own: merging them (main/standards/merge-theme.ts, told by the desk), materials that they share (SharedMaterials.tsx).
// Start here: `MembersEditor`.

import { PlusOutlined } from '@ant-design/icons'
import { Button, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { MergedThemeView } from '../../../../../preload/contract/standards/writing.ts'
import { useCall } from '../../../../app/client.ts'
import { useEditor } from '../editor-ground.ts'
import { FieldFindings, idOf } from '../FieldFindings.tsx'
import { type JsonObject, listOf, movedBy, objectOf, pointerOf, textOf } from '../json-edit.ts'
import { LabelledInput } from '../LabelledInput.tsx'
import { PartHead } from '../PartHead.tsx'
import { RemovedLine, useRemoval } from '../Removed.tsx'
import { useFresh } from '../use-fresh.ts'
import { RenamedQuestions } from './RenamedQuestions.tsx'
import { withMember } from './theme-edit.ts'
import './theme.css'

const path = ['members']

/** The matters of a theme, one below the other. */
export function MembersEditor() {
  const { t } = useTranslation()
  const { value, change, isLocked, copyId } = useEditor()
  const merged = useFresh('standards.merged', { copyId })
  const removal = useRemoval(path)
  const members = listOf(value.members).map(objectOf)
  const add = () => {
    change([...path, members.length], { kind: 'matter', id: '' })
    requestAnimationFrame(() => document.getElementById(idOf(pointerOf([...path, members.length, 'id'])))?.focus())
  }
  return (
    <section className="edit-list" data-pointer="/members" aria-label={t('standardsDesk.theme.members')}>
      <h3>{t('standardsDesk.theme.members')}</h3>
      <FieldFindings pointer="/members" />
      {members.map((member, at) => (
        <Member
          // biome-ignore lint/suspicious/noArrayIndexKey: a member that is being chosen has no name yet
          key={at}
          member={member}
          at={at}
          count={members.length}
          merged={merged.data}
          onMove={(by) => change(path, movedBy(members, at, by))}
          onRemove={(name) =>
            removal.remove(
              name,
              members.filter((_, index) => index !== at),
            )
          }
        />
      ))}
      <RemovedLine offer={removal.offer} />
      <Button icon={<PlusOutlined />} onClick={add} disabled={isLocked}>
        {t('standardsDesk.theme.add')}
      </Button>
    </section>
  )
}

type MemberProps = {
  readonly member: JsonObject
  readonly at: number
  readonly count: number
  readonly merged: MergedThemeView | undefined
  readonly onMove: (by: -1 | 1) => void
  readonly onRemove: (name: string) => void
}

function Member({ member, at, count, merged, onMove, onRemove }: MemberProps) {
  const { t } = useTranslation()
  const { change } = useEditor()
  const known = useCall('standards.known', {})
  const own = [...path, at]
  const [kind, id] = [member.kind === 'theme' ? 'theme' : 'matter', textOf(member.id)]
  const all = kind === 'theme' ? known.data?.themes : known.data?.matters
  const name = all?.find((one) => one.id === id)?.name || id || t('standardsDesk.edit.unnamed', { number: at + 1 })
  return (
    <article className="edit-part" data-pointer={pointerOf(own)} aria-label={name}>
      <PartHead {...{ name, at, count, onMove }} onRemove={() => onRemove(name)} />
      <FieldFindings pointer={pointerOf(own)} />
      <WhichMatter member={member} at={at} />
      <LabelledInput
        id={idOf(pointerOf([...own, 'when']))}
        label={t('standardsDesk.theme.when')}
        placeholder={t('standardsDesk.theme.whenText')}
        value={textOf(member.when)}
        onChange={(when) => change([...own, 'when'], when === '' ? undefined : when)}
      />
      {kind === 'matter' ? <RenamedQuestions member={member} at={at} merged={merged} /> : null}
    </article>
  )
}

/** Which matter it is, or which theme within the theme, found by its name. */
function WhichMatter({ member, at }: Pick<MemberProps, 'member' | 'at'>) {
  const { t } = useTranslation()
  const { value, change, isLocked } = useEditor()
  const known = useCall('standards.known', {})
  const own = [...path, at]
  const id = textOf(member.id)
  const chosen = id === '' ? null : `${textOf(member.kind)} ${id}`
  const options = (['matters', 'themes'] as const).map((list) => ({
    label: t(`standardsDesk.theme.${list}`),
    options: (known.data?.[list] ?? [])
      .filter((one) => list === 'matters' || one.id !== value.themeId)
      .map((one) => ({ value: `${list === 'matters' ? 'matter' : 'theme'} ${one.id}`, label: one.name })),
  }))
  const isKnown = options.some((group) => group.options.some((one) => one.value === chosen))
  return (
    <div className="edit-field" data-pointer={pointerOf([...own, 'id'])}>
      <label htmlFor={idOf(pointerOf([...own, 'id']))}>{t('standardsDesk.theme.which')}</label>
      <Select
        id={idOf(pointerOf([...own, 'id']))}
        disabled={isLocked}
        placeholder={t('standardsDesk.theme.whichPlaceholder')}
        value={chosen}
        showSearch={{ optionFilterProp: 'label' }}
        options={isKnown || chosen === null ? options : [{ value: chosen, label: id }, ...options]}
        onChange={(next: string) => {
          const [kind = 'matter', ...rest] = next.split(' ')
          change(own, withMember(member, kind === 'theme' ? 'theme' : 'matter', rest.join(' ')))
        }}
      />
      <FieldFindings pointer={pointerOf([...own, 'id'])} />
    </div>
  )
}
