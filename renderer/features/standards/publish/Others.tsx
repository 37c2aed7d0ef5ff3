import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Clash, StandardsDesk } from '../../../../preload/contract/standards/publishing.ts'
import { useAct } from '../../../app/client.ts'
import { paths } from '../../../app/paths.ts'
import { ChangeWords } from '../../../ui/ChangeWords.tsx'
import { momentOf } from '../../../ui/dates.ts'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { useTargetWords } from '../target-words.ts'
import './others.css'

/** One line where standards are written: somebody else has published, or changed the same; what to do stands where one publishes. */
export function OthersBand({ desk: { others, clashes } }: { readonly desk: StandardsDesk }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  if (others.length === 0 && clashes.length === 0) return null
  return (
    <Notice
      tone="warn"
      action={<Button onClick={() => go(paths.standardsDesk.publish)}>{t('standardsDesk.others.look')}</Button>}
    >
      {others.length === 0 ? null : t('standardsDesk.others.came', { count: others.length })}{' '}
      {clashes.length === 0 ? null : t('standardsDesk.others.clashes', { count: clashes.length })}
    </Notice>
  )
}

/** What other desks released meanwhile, the working copies that touch the same, and those that were put aside. */
export function Others({ desk }: { readonly desk: StandardsDesk }) {
  return (
    <>
      <Came others={desk.others} />
      <Clashes clashes={desk.clashes} />
      <Aside aside={desk.aside} />
    </>
  )
}

function Came({ others }: Pick<StandardsDesk, 'others'>) {
  const { t } = useTranslation()
  const inWords = useTargetWords()
  const looked = useAct('standards.looked')
  if (others.length === 0) return null
  return (
    <Notice
      tone="warn"
      action={
        <Button loading={looked.isPending} onClick={() => looked.mutate({})}>
          {t('standardsDesk.others.looked')}
        </Button>
      }
    >
      <strong>{t('standardsDesk.others.came', { count: others.length })}</strong>
      <ul>
        {others.map(({ release, note, targets, madeAtUtc, names }) => (
          <li key={release}>
            {t('standardsDesk.others.one', {
              ...{ release, time: momentOf(madeAtUtc), targets: inWords(targets), note },
              names: names.length === 0 ? t('standardsDesk.others.nothing') : names.join('、'),
            })}
          </li>
        ))}
      </ul>
      <ErrorNotice error={looked.error} />
    </Notice>
  )
}

function Clashes({ clashes }: Pick<StandardsDesk, 'clashes'>) {
  const { t } = useTranslation()
  if (clashes.length === 0) return null
  return (
    <section className="panel card" aria-label={t('standardsDesk.others.title')}>
      <h2>{t('standardsDesk.others.title')}</h2>
      <p>{t('standardsDesk.others.text')}</p>
      {clashes.map((clash) => (
        <OneClash key={clash.copyId} clash={clash} />
      ))}
    </section>
  )
}

function OneClash({ clash }: { readonly clash: Clash }) {
  const { t } = useTranslation()
  const settle = useAct('standards.settle')
  const { copyId, kind, name, release, theirs, isRemoval, theirChanges, myChanges } = clash
  const keep = (whose: 'mine' | 'theirs') => settle.mutate({ copyId, keep: whose })
  return (
    <article className="clash" aria-label={name}>
      <h3>
        {t(`standardsDesk.kind.${kind}`)} {name}
      </h3>
      <div className="clash-sides">
        <section>
          <h4>{t(`standardsDesk.others.theirs.${theirs}`, { release })}</h4>
          {theirChanges.length === 0 ? null : <ChangeWords changes={theirChanges} />}
          <Button loading={settle.isPending} onClick={() => keep('theirs')}>
            {t(theirs === 'gone' ? 'standardsDesk.others.takeGone' : 'standardsDesk.others.takeTheirs')}
          </Button>
          <span className="quiet">{t('standardsDesk.others.takeText')}</span>
        </section>
        <section>
          <h4>{t(isRemoval ? 'standardsDesk.out.mine' : 'standardsDesk.others.mine')}</h4>
          {myChanges.length === 0 ? null : <ChangeWords changes={myChanges} />}
          <Button loading={settle.isPending} onClick={() => keep('mine')}>
            {t(isRemoval ? 'standardsDesk.out.keepMine' : 'standardsDesk.others.keepMine')}
          </Button>
          <span className="quiet">
            {t(isRemoval ? 'standardsDesk.out.keepMineText' : 'standardsDesk.others.keepText')}
          </span>
        </section>
      </div>
      <ErrorNotice error={settle.error} />
    </article>
  )
}

function Aside({ aside }: Pick<StandardsDesk, 'aside'>) {
  const { t } = useTranslation()
  const back = useAct('standards.takeBack')
  const forget = useAct('standards.forget')
  if (aside.length === 0) return null
  return (
    <section className="panel card" aria-label={t('standardsDesk.others.aside')}>
      <h2>{t('standardsDesk.others.aside')}</h2>
      <ul className="releases">
        {aside.map(({ copyId, kind, name, atUtc }) => (
          <li key={copyId} className="release-row">
            <span>
              {t(`standardsDesk.kind.${kind}`)} <strong>{name}</strong>{' '}
              <span className="quiet">{t('standardsDesk.others.asideAt', { time: momentOf(atUtc) })}</span>
            </span>
            <span className="release-actions">
              <Button loading={back.isPending} onClick={() => back.mutate({ copyId })}>
                {t('standardsDesk.others.takeBack')}
              </Button>
              <Button danger loading={forget.isPending} onClick={() => forget.mutate({ copyId })}>
                {t('standardsDesk.others.forget')}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      <ErrorNotice error={back.error ?? forget.error} />
    </section>
  )
}
