import type { Words } from '../words.ts'

/** Words of the hall's shared queue (大厅), in Chinese. */
export const hallZh = {
  none: '本窗口没有用大厅的中转机',
  noneText:
    '县里的网络断开时，镇政府大厅的几个窗口可以靠一台中转机共用一份办件。要用它，请管理员在“网络设置”里写上中转机的地址。',
  relay: '大厅中转机：{{name}}',
  reachable: '连得上',
  unreachable: '连不上',
  lastSeen: '连不上，下面是 {{time}} 看到的',
  unknown: '连不上大厅的中转机，看不到别的窗口的办件',
  unknownText: '照常收件，不受影响。请看中转机是否开着、大厅的网络是否通；连上后会自动显示。',
  notFound: '没有找到这样的办件',
  table: '大厅里各窗口的办件',
  find: '查找：申请人、编号、事项',
  findShort: '申请人、编号、事项',
  empty: '大厅里还没有办件',
  emptyText: '各窗口收的件会自动出现在这里。',
  column: {
    number: '编号',
    applicant: '申请人',
    matter: '事项',
    window: '收件窗口',
    taken: '谁在办',
    where: '到了哪里',
    received: '收件时间',
  },
  free: '还没有人认领',
  mine: '本窗口在办',
  atCentre: '中心已收',
  atHall: '大厅已收',
  take: '认领',
  release: '放回',
  takenOther: '别的窗口“{{window}}”在办，先与那里说一声',
  takeText: '认领是告诉大厅别的窗口“这件由我们跟进”，免得两边重复办；办件仍在收件的窗口打开。',
  rowHelp: '上一件、下一件',
} as const

/** Words of the hall's shared queue (大厅), in English. */
export const hallEn: Words<typeof hallZh> = {
  none: 'This window uses no hall relay',
  noneText:
    'When the county is cut off, the windows of a town hall can share their cases over a relay. To use it, an administrator writes its address under “Network”.',
  relay: 'Hall relay: {{name}}',
  reachable: 'reachable',
  unreachable: 'not reachable',
  lastSeen: 'not reachable; below is what was seen at {{time}}',
  unknown: "The hall's relay cannot be reached; cases of other windows cannot be seen",
  unknownText:
    'Receiving goes on. See whether the relay is switched on and the network of the hall works; it will appear here by itself.',
  notFound: 'No such case found',
  table: 'Cases of the windows of the hall',
  find: 'Find: applicant, number, matter',
  findShort: 'Applicant, number, matter',
  empty: 'No cases in the hall yet',
  emptyText: 'What the windows take in appears here by itself.',
  column: {
    number: 'Number',
    applicant: 'Applicant',
    matter: 'Matter',
    window: 'Received at',
    taken: 'Taken by',
    where: 'How far',
    received: 'Received',
  },
  free: 'nobody yet',
  mine: 'this window',
  atCentre: 'At the centre',
  atHall: 'At the hall',
  take: 'Take up',
  release: 'Put back',
  takenOther: 'Another window, “{{window}}”, works on it; have a word there first',
  takeText:
    'Taking a case up tells the other windows that this one sees to it; it is still opened at the window that received it.',
  rowHelp: 'Case before, case after',
}
