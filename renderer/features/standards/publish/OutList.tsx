import { Button, Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'
import type { OutChange, ReleaseChange } from '../../../../preload/contract/standards/publishing.ts'
import { momentOf } from '../../../ui/dates.ts'
import { Notice } from '../../../ui/ErrorNotice.tsx'
import { useTargetWords } from '../target-words.ts'
import { laterAt, type OutChoice, type PublishForm } from './wish.ts'

/** What is tried somewhere, or waits for its time: ticked it goes with this release, else everybody stays on what all have. */
export function OutList({
  out,
  onTurn,
}: {
  readonly out: readonly OutChange[]
  readonly onTurn: (change: (now: OutChoice) => OutChoice) => void
}) {
  const { t } = useTranslation()
  const shown = out.filter(({ isReplaced }) => !isReplaced)
  if (shown.length === 0) return null
  return (
    <fieldset className="publish-out">
      <legend>{t('standardsDesk.out.title')}</legend>
      <ul>
        {shown.map((one) => (
          <li key={one.key}>
            <Checkbox
              checked={one.isIn}
              onChange={({ target }) => onTurn((now) => turned(now, one, out, target.checked))}
            >
              <OutName one={one} /> <OutWords one={one} />
            </Checkbox>
            <LeftWords one={one} />
          </li>
        ))}
      </ul>
    </fieldset>
  )
}

/** The choice with one turned on or off. Of one document only one version goes: the others are off then. */
function turned(now: OutChoice, one: OutChange, out: readonly OutChange[], isIn: boolean): OutChoice {
  const others = isIn ? out.filter((other) => other.key !== one.key && isSameDocument(other, one)) : []
  const off = isIn ? others : [one]
  const keys = new Set([one, ...others].map(({ key }) => key))
  return {
    outLeft: [...now.outLeft.filter((key) => !keys.has(key)), ...keysOf(off.filter(({ isInBase }) => isInBase))],
    outTaken: [...now.outTaken.filter((key) => !keys.has(key)), ...(isIn && !one.isInBase ? [one.key] : [])],
  }
}

const keysOf = (out: readonly OutChange[]) => out.map(({ key }) => key)

type Named = Pick<OutChange, 'kind' | 'id' | 'fromVersion' | 'toVersion'>

/** Of a calendar the year is the version, and does not change. */
function isSameDocument(one: Named, other: Named): boolean {
  const yearOf = ({ fromVersion, toVersion }: Named) => toVersion ?? fromVersion
  return one.kind === other.kind && one.id === other.id && (one.kind !== 'calendar' || yearOf(one) === yearOf(other))
}

/** Of a planned change: that it is tried somewhere, or was to come later. */
export function OutTags({ change, out }: { readonly change: ReleaseChange; readonly out: readonly OutChange[] }) {
  const one = out.find((other) => other.isIn && isSameDocument(other, change))
  if (one === undefined) return null
  return (
    <span className="tag tag-warn">
      <OutWords one={one} />
    </span>
  )
}

function OutName({ one: { kind, name, toVersion } }: { readonly one: OutChange }) {
  const { t } = useTranslation()
  const what = `${t(`standardsDesk.kind.${kind}`)} ${name}`
  if (toVersion === null) return t('standardsDesk.out.gone', { what })
  return kind === 'calendar' ? what : `${what} ${t('standardsDesk.list.version_of', { version: toVersion })}`
}

/** Where it is tried, and when it was to come. */
function OutWords({ one: { places, waits, release } }: { readonly one: OutChange }) {
  const { t } = useTranslation()
  const inWords = useTargetWords()
  const tried = places.length === 0 ? [] : [t('standardsDesk.out.tried', { places: inWords(places) })]
  const later =
    waits === null
      ? []
      : [t('standardsDesk.out.waits', { time: momentOf(waits.effectiveAtUtc), targets: inWords(waits.targets) })]
  const by = t('standardsDesk.out.by', { release: waits?.release ?? release })
  return (
    <span className="quiet">
      {[...tried, ...later].join(t('standardsDesk.out.and'))}
      {by}
    </span>
  )
}

/** What leaving it out comes to, for everybody and where it is tried. */
function LeftWords({ one }: { readonly one: OutChange }) {
  const { t } = useTranslation()
  const inWords = useTargetWords()
  const { isIn, fromVersion, ends } = one
  if (isIn) return null
  const all = fromVersion === null ? t('standardsDesk.out.leftNone') : t('standardsDesk.out.left')
  return (
    <p className="publish-out-left">
      {all}
      {ends.length === 0 ? null : t('standardsDesk.out.ends', { places: inWords(ends) })}
    </p>
  )
}

/** Trials that going back to an earlier release ends. */
export function Ends({ out }: { readonly out: readonly OutChange[] }) {
  const { t } = useTranslation()
  const inWords = useTargetWords()
  const ending = out.filter(({ ends }) => ends.length > 0)
  if (ending.length === 0) return null
  return (
    <ul>
      {ending.map((one) => (
        <li key={one.key}>
          <OutName one={one} />
          {t('standardsDesk.out.endsHere', { places: inWords(one.ends) })}
        </li>
      ))}
    </ul>
  )
}

/** In 什么时候: what waits for a later day would come now, or not at all; one press takes that day. */
export function WaitsNotice({
  out,
  effectiveAtUtc,
  onChange,
}: {
  readonly out: readonly OutChange[]
  readonly effectiveAtUtc: string | null | undefined
  readonly onChange: (part: Partial<PublishForm>) => void
}) {
  const { t } = useTranslation()
  const waiting = out.flatMap(({ waits }) => waits ?? []).filter(({ targets }) => targets === 'all')
  const releases = new Map(waiting.map((one) => [one.release, one]))
  if (effectiveAtUtc === undefined) return null
  return [...releases.values()].map(({ release, effectiveAtUtc: atUtc }) => {
    const its = out.filter(({ waits, isReplaced }) => waits?.release === release && !isReplaced)
    const namesOf = (isIn: boolean) => its.filter((one) => one.isIn === isIn).map(({ name }) => name)
    const isLater = effectiveAtUtc !== null && effectiveAtUtc >= atUtc
    const [now, never] = [isLater ? [] : namesOf(true), namesOf(false)]
    const facts = { release, time: momentOf(atUtc) }
    if (now.length === 0 && never.length === 0) return null
    const names = never.join('、')
    return (
      <Notice
        key={release}
        tone="warn"
        action={
          isLater ? null : <Button onClick={() => onChange(laterAt(atUtc))}>{t('standardsDesk.out.thatDay')}</Button>
        }
      >
        {t(isLater ? 'standardsDesk.out.scheduledBefore' : 'standardsDesk.out.scheduled', facts)}
        {now.length === 0 ? null : t('standardsDesk.out.sooner', { names: now.join('、') })}
        {never.length === 0 ? null : t(`standardsDesk.out.${isLater ? 'undone' : 'never'}`, { ...facts, names })}
      </Notice>
    )
  })
}
