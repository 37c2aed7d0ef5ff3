import { PlusOutlined } from '@ant-design/icons'
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SealFace } from '../../../../preload/contract/seals.ts'
import { useHere } from '../../../app/session.ts'
import { ActionBar } from '../../../ui/ActionBar.tsx'
import { ErrorNotice } from '../../../ui/ErrorNotice.tsx'
import { MainAction } from '../../../ui/MainAction.tsx'
import { SealSketch } from '../SealSketch.tsx'
import { FaceFields } from './FaceFields.tsx'
import { FileSource, TokenSource, TrainingSource } from './sources.tsx'
import { lackOf, noSource, type Source, useAddSeal, type Way } from './use-add-seal.ts'

/** Adds a seal: from a file, from a token that is plugged in, or, in training, made on the spot. */
export function AddSeal({ onAdded }: { readonly onAdded: (sealId: string) => void }) {
  const { t } = useTranslation()
  const { station } = useHere()
  const isTraining = station.mode === 'training'
  const [source, setSource] = useState<Source>(noSource(isTraining ? 'training' : 'file'))
  const [face, setFace] = useState<SealFace>({
    name: '',
    organisation: '',
    purposeLine: isTraining ? '演练专用章' : '',
    code: '',
    diameterMm: 42,
    emblem: 'star',
  })
  const add = useAddSeal(onAdded)
  const named = face.name.trim() === '' ? { ...face, name: `${face.organisation}${face.purposeLine}` } : face
  const lack = lackOf(source, named)
  const ways: Way[] = isTraining ? ['training', 'file', 'token'] : ['file', 'token']
  return (
    <>
      <div className="custody-scroll">
        <section className="card panel custody-rules">
          <h2>{t('custody.add')}</h2>
          <Segmented<Way>
            aria-label={t('custody.wayLabel')}
            value={source.way}
            options={ways.map((way) => ({ value: way, label: t(`custody.way.${way}`) }))}
            onChange={(way) => setSource(noSource(way))}
          />
          {source.way === 'file' ? <FileSource source={source} onChange={setSource} /> : null}
          {source.way === 'token' ? <TokenSource source={source} onChange={setSource} /> : null}
          {source.way === 'training' ? <TrainingSource source={source} onChange={setSource} /> : null}
        </section>
        <section className="card panel custody-face">
          <FaceFields face={face} onChange={setFace} />
          <SealSketch face={named} training={isTraining} />
        </section>
      </div>
      <ErrorNotice error={add.error} />
      <ActionBar>
        {lack === null ? null : <span className="quiet">{t(`custody.lack.${lack}`)}</span>}
        <MainAction
          label={t('custody.addNow')}
          icon={<PlusOutlined />}
          isBusy={add.isBusy}
          isOff={lack !== null}
          onRun={() => add.run(source, named)}
        />
      </ActionBar>
    </>
  )
}
