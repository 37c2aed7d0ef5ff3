import { useTranslation } from 'react-i18next'
import type { ReleaseTargets } from '../../../preload/contract/standards/publishing.ts'
import { townOf } from '../../ui/form/divisions.ts'

/** Says whom a release is for: names of towns, villages and windows, tags as they are. */
export function useTargetWords(): (targets: ReleaseTargets) => string {
  const { t } = useTranslation()
  return (targets) => (targets === 'all' ? t('standardsDesk.publish.targetsAll') : targets.map(placeName).join('、'))
}

/** A town's or village's name by its code, a window's by its village and number; anything else as it is. */
export function placeName(target: string): string {
  const town = /^\d{9}/.test(target) ? townOf(target.slice(0, 9)) : undefined
  if (town === undefined) return target
  if (target.length === 9) return town.name
  const village = town.villages.find(({ code }) => code === target.slice(0, 12))
  const [, number] = target.split('-')
  return `${village?.name ?? town.name}${number === undefined ? '' : ` ${number}`}`
}

/** A window by its village, its number and what it calls itself; a name that begins with the village's is not said twice. */
export function windowLabel(stationId: string, windowName: string): string {
  const village = placeName(stationId.slice(0, 12))
  const name = windowName.startsWith(village) ? windowName.slice(village.length) : windowName
  return [placeName(stationId), name].filter((text) => text !== '').join(' ')
}
