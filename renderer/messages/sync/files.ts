import type { Words } from '../words.ts'

/** Words of how far a file has come, in Chinese. */
export const fileZh = {
  'at-centre': '{{time}} 已到中心',
  sending: '正在传，已到 {{percent}}%',
  waiting: '排队等着',
  waitingPart: '已到 {{percent}}%，接着传',
  night: '等夜间再传',
  sealing: '等盖章，盖好就传',
  'at-hall': '大厅已收，等县里',
  failed: '没有传完，已到 {{percent}}%。{{why}}',
  resumes: '网络恢复后自动继续',
  nextTry: '{{time}} 再试',
  copyThere: '看得清的小图已到中心',
  photos: '材料 {{done}}/{{all}} 已到',
  photosDone: '材料 {{all}} 份都已到',
  rest: '还有 {{count}} 个文件没到',
  progress: '{{name}}：传到中心的进度',
  'in-centre': '在中心，还没有取回',
  'fetch-waiting': '在中心，等着取回',
  fetching: '在中心，取回中 {{percent}}%',
  fetched: '已取回',
  absent: '中心没有：原来的机器没来得及送到',
  fetchBroken: '断网了，已取回 {{percent}}%',
  fetchProgress: '{{name}}：取回的进度',
} as const

/** Words of how far a file has come, in English. */
export const fileEn: Words<typeof fileZh> = {
  'at-centre': 'At the centre since {{time}}',
  sending: 'Sending, {{percent}}% there',
  waiting: 'In the queue',
  waitingPart: '{{percent}}% there, goes on',
  night: 'Waits for the night',
  sealing: 'Waits for its seal',
  'at-hall': 'At the hall, waits for the county',
  failed: 'Not complete, {{percent}}% there. {{why}}',
  resumes: 'Goes on by itself when the link is back',
  nextTry: 'next try {{time}}',
  copyThere: 'a readable copy is at the centre',
  photos: 'materials {{done}}/{{all}} arrived',
  photosDone: 'all {{all}} materials arrived',
  rest: '{{count}} files not arrived',
  progress: '{{name}}: how much has arrived at the centre',
  'in-centre': 'At the centre, not fetched yet',
  'fetch-waiting': 'At the centre, waits to be fetched',
  fetching: 'At the centre, {{percent}}% fetched',
  fetched: 'Fetched',
  absent: 'Not at the centre: the other machine had not sent it',
  fetchBroken: 'The link is gone, {{percent}}% fetched',
  fetchProgress: '{{name}}: how much has been fetched',
}

/** Words of when something will have gone, in Chinese. */
export const etaZh = { seconds: '{{count}} 秒', minutes: '{{count}} 分钟', clock: '约 {{time}} ' } as const

/** Words of when something will have gone, in English. */
export const etaEn: Words<typeof etaZh> = {
  seconds: 'in {{count}} s',
  minutes: 'in {{count}} min',
  clock: 'about {{time}}',
}
