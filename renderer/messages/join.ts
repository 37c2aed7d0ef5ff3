import type { Words } from './words.ts'

/** Words of joining a centre by a code, in Chinese. */
export const joinZh = {
  title: '登记到县里的中心，代替旧机器',
  text: '机器丢了、坏了，或这个窗口要正式启用：请县里的管理员发一个登记码，按电话里念的填在这里。填错了不要紧，会先给您看清楚再登记。',
  centre: '中心的地址',
  code: '登记码',
  ask: '看看这个码是给谁的',
  centreName: '中心',
  becomes: '这台机器会是',
  replaces: '代替旧机器',
  lastSeen: '上次联系 {{time}}',
  window: '窗口名称（空着就用村名）',
  person: '第一位经办人，也是这台机器的管理员：',
  aside: '登记后，这台机器上演练的内容收到一边，不删除。',
  asideReplaces:
    '登记后，旧机器不能再和中心往来；它没办完的办件、文件和草稿都交给这台机器。这台机器上演练的内容收到一边，不删除。',
  run: '登记',
  runReplaces: '登记，代替旧机器',
  back: '重填',
  done: '已登记为 {{stationId}}，接手 {{cases}} 件办件、{{drafts}} 份草稿。正在换成新的窗口，请稍等，然后重新登录。',
  centreTitle: '中心的地址',
  centreText: '中心换了地址时，在这里改。还是原来那个中心才会接上；办件都在本机，不受影响。',
  centreMove: '改地址',
  centreMoved: '已改好，马上试着连接。',
} as const

/** The same in English. */
export const joinEn: Words<typeof joinZh> = {
  title: 'Join the county’s centre, or replace a machine',
  text: 'A machine was lost or broke, or this window is to work in earnest: ask the county’s administrator for a code and type it here as it is read over the phone. You see whose it is before anything happens.',
  centre: 'Address of the centre',
  code: 'Code',
  ask: 'See whose code it is',
  centreName: 'Centre',
  becomes: 'This machine becomes',
  replaces: 'In the place of',
  lastSeen: 'last heard {{time}}',
  window: 'Name of the window (empty: by its village)',
  person: 'The first who works here, also its administrator:',
  aside: 'What was done in training on this machine is put aside and not deleted.',
  asideReplaces:
    'From then on the old machine is dead to the centre; its open cases, files and drafts are this machine’s. What was done in training on this machine is put aside and not deleted.',
  run: 'Join',
  runReplaces: 'Join and replace the old machine',
  back: 'Back',
  done: 'This is {{stationId}} now, with {{cases}} cases and {{drafts}} drafts taken over. The window changes; then log in again.',
  centreTitle: 'Address of the centre',
  centreText: 'Where the centre has moved. Only the same centre is believed; the cases are here and safe.',
  centreMove: 'Change it',
  centreMoved: 'Changed; it is tried at once.',
}
