import type { Words } from './words.ts'

/** Words of taking in a case (新办件), in Chinese. */
export const intakeZh = {
  title: '新办件',
} as const

/** The same in English. */
export const intakeEn: Words<typeof intakeZh> = {
  title: 'New case',
}
