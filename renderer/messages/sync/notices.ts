import type { Words } from '../words.ts'

/** Words of what the centre tells everybody (通知), in Chinese. */
export const noticesZh = {
  none: '还没有通知',
  noneText: '中心发来的通知会出现在这里；急件还会一直显示在最上面，直到有人点“知道了”。',
  urgent: '急件',
  read: '知道了',
  isRead: '已读',
  list: '中心发来的通知',
  band: '中心急件',
} as const

/** Words of what the centre tells everybody (通知), in English. */
export const noticesEn: Words<typeof noticesZh> = {
  none: 'No notices yet',
  noneText:
    'What the centre tells everybody appears here; urgent ones stay on top until somebody presses “Understood”.',
  urgent: 'Urgent',
  read: 'Understood',
  isRead: 'read',
  list: 'Notices of the centre',
  band: 'Urgent notice of the centre',
}
