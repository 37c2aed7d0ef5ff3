import { daysEn, daysZh } from './sync/days.ts'
import { etaEn, etaZh, fileEn, fileZh } from './sync/files.ts'
import { hallEn, hallZh } from './sync/hall.ts'
import { settingsEn, settingsZh } from './sync/network.ts'
import { noticesEn, noticesZh } from './sync/notices.ts'
import { stateEn, stateZh } from './sync/state.ts'
import { stickEn, stickZh } from './sync/stick.ts'
import type { Words } from './words.ts'

/** Words of 同步与对账 and of how far files have come, in Chinese. */
export const syncZh = {
  title: '同步与对账',
  area: {
    label: '同步与对账',
    state: '还没送到的',
    stick: 'U盘',
    days: '日清',
    hall: '大厅',
    notices: '通知',
    settings: '网络设置',
  },
  ...stateZh,
  file: fileZh,
  eta: etaZh,
  stick: stickZh,
  days: daysZh,
  hall: hallZh,
  notices: noticesZh,
  settings: settingsZh,
} as const

/** Words of sync and reconciliation, in English. */
export const syncEn: Words<typeof syncZh> = {
  title: 'Sync and reconciliation',
  area: {
    label: 'Sync and reconciliation',
    state: 'Still here',
    stick: 'USB stick',
    days: 'Day check',
    hall: 'Hall',
    notices: 'Notices',
    settings: 'Network',
  },
  ...stateEn,
  file: fileEn,
  eta: etaEn,
  stick: stickEn,
  days: daysEn,
  hall: hallEn,
  notices: noticesEn,
  settings: settingsEn,
}
