import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Material } from '../../../preload/contract/entries.ts'
import type { MaterialRequirement } from '../../../preload/contract/standard.ts'
import type { Draft, DraftCheck } from '../../../preload/contract/views.ts'
import { useAct } from '../../app/client.ts'
import { useShortcut } from '../../app/shortcuts.ts'
import { putMaterial } from '../../app/upload.ts'
import { useUploads } from '../../app/use-uploads.ts'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { CameraPanel } from './CameraPanel.tsx'
import { MaterialCard } from './MaterialCard.tsx'
import { MaterialViewer } from './MaterialViewer.tsx'

/** The materials of a draft, one card each; F4 photographs the first that is still missing. */
export function MaterialsSection(props: {
  readonly draftId: string
  readonly requirements: readonly MaterialRequirement[]
  /** Of a theme, the names of its matters that ask for a material. */
  readonly neededBy: (requirementId: string) => readonly string[]
  readonly stored: readonly Material[]
  /** Photographs that stayed at a machine that was lost. */
  readonly lost: Draft['lostPhotos']
  readonly check: DraftCheck
  readonly onCheck: (check: DraftCheck) => void
}) {
  const { t } = useTranslation()
  const { draftId, requirements, check, onCheck } = props
  const [materials, setMaterials] = useState(props.stored)
  const [photographed, setPhotographed] = useState<MaterialRequirement | null>(null)
  const [opened, setOpened] = useState<Material | null>(null)
  const remove = useAct('drafts.removeMaterial')
  const later = useAct('drafts.promiseLater')
  const uploads = useUploads(
    (file, transfer, requirement) => putMaterial({ draft: draftId, requirement }, file, transfer),
    (reply) => {
      setMaterials((all) => [...all, reply.material])
      if (reply.check !== null) onCheck(reply.check)
    },
  )
  const stateOf = useCallback(
    (requirement: MaterialRequirement): DraftCheck['materials'][number] =>
      check.materials.find(({ requirementId }) => requirementId === requirement.id) ?? {
        requirementId: requirement.id,
        name: requirement.name,
        necessity: requirement.necessity,
        state: 'missing',
        dueDate: null,
      },
    [check],
  )
  const firstMissing = requirements.find((requirement) => stateOf(requirement).state === 'missing') ?? requirements[0]
  useShortcut('F4', t('intake.takePhoto'), () => setPhotographed(firstMissing ?? null), requirements.length > 0)

  return (
    <section className="form-group" id="intake-materials" aria-label={t('intake.materials')}>
      <h3>{t('intake.materials')}</h3>
      <p className="quiet small">{t('intake.dropHere')}</p>
      <ErrorNotice error={remove.error ?? later.error} />
      <div className="materials">
        {requirements.map((requirement) => (
          <MaterialCard
            key={requirement.id}
            requirement={requirement}
            neededBy={props.neededBy(requirement.id)}
            checked={stateOf(requirement)}
            lost={props.lost.filter(({ requirementId }) => requirementId === requirement.id)}
            materials={materials.filter(({ requirementId }) => requirementId === requirement.id)}
            uploads={uploads.all.filter((upload) => upload.purpose === requirement.id)}
            onFiles={(files) => uploads.send(files, requirement.id)}
            onCamera={() => setPhotographed(requirement)}
            onOpen={setOpened}
            onRemove={({ materialId }) =>
              remove.mutate(
                { draftId, materialId },
                {
                  onSuccess: (fresh) => {
                    setMaterials((all) => all.filter((material) => material.materialId !== materialId))
                    onCheck(fresh)
                  },
                },
              )
            }
            onLater={(isLater) =>
              later.mutate({ draftId, requirementId: requirement.id, later: isLater }, { onSuccess: onCheck })
            }
            onDismiss={uploads.dismiss}
          />
        ))}
      </div>
      {photographed === null ? null : (
        <CameraPanel
          materialName={photographed.name}
          onStore={(files) => {
            uploads.send(files, photographed.id)
            document.getElementById(`material-${photographed.id}`)?.scrollIntoView({ block: 'center' })
          }}
          onClose={() => setPhotographed(null)}
        />
      )}
      {opened === null ? null : <MaterialViewer material={opened} onClose={() => setOpened(null)} />}
    </section>
  )
}
