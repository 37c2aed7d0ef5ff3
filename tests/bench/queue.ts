// Owns: how fast the queue is over many cases: a page, a search, one case, and the way from the start to the queue.
// Does not own: how the cases are made (main/cli/seed.ts).
// Start here: benchQueue. BENCH_CASES=200000 npm run bench -- queue measures the size that the design promises.
import { runCli } from '../../main/cli/index.ts'
import { type InventedCase, inventCases } from '../../main/cli/seed-cases.ts'
import { foldForSearch, searchTokens } from '../../main/features/cases/model.ts'
import { addDays, todayInShanghai } from '../../preload/contract/calendar.ts'
import type { CaseSummary, CaseView } from '../../preload/contract/views.ts'
import { type DeskUnderTest, freshFolder, loginTraining, removeFolder, startDesk } from '../helpers/desk.ts'
import { milliseconds, percentile95, type Row, timeEach } from './row.ts'

const rounds = 300
const starts = 5

/** Seeds a training station and asks its desk over the private socket, as a window does. Figures are 95th percentiles. */
export async function benchQueue(): Promise<Row[]> {
  const cases = Number(process.env.BENCH_CASES ?? 20_000)
  const folder = freshFolder()
  try {
    await (await startDesk(folder, ['--training'])).kill('SIGTERM')
    const silent = { stdout: () => undefined, stderr: (line: string) => console.error(line) }
    const code = await runCli(['seed', '--cases', String(cases), '--data', folder], silent, {})
    if (code !== 0) throw new Error('the seed was refused')
    return [...(await measureStart(folder)), ...(await measureQueue(folder, cases))]
  } finally {
    removeFolder(folder)
  }
}

async function measureStart(folder: string): Promise<Row[]> {
  const toLogin: number[] = []
  const toQueue: number[] = []
  for (let start = 0; start < starts; start++) {
    const began = performance.now()
    const desk = await startDesk(folder, [])
    toLogin.push(performance.now() - began)
    const asked = performance.now()
    const { sessionId } = await loginTraining(desk)
    await desk.ask('cases.list', { view: 'mine', query: '', offset: 0, limit: 50 }, sessionId)
    toQueue.push(performance.now() - asked)
    await desk.kill('SIGTERM')
  }
  return [
    { what: 'desk started, login answered (worst)', median: milliseconds(Math.max(...toLogin)), target: '< 3 s' },
    { what: 'PIN typed, first page of the queue (worst)', median: milliseconds(Math.max(...toQueue)), target: '—' },
  ]
}

async function measureQueue(folder: string, cases: number): Promise<Row[]> {
  const desk = await startDesk(folder, [])
  const { sessionId } = await loginTraining(desk)
  const row = async (what: string, target: string, work: (round: number) => Promise<unknown>): Promise<Row> => {
    let round = 0
    const samples = await timeEach(rounds, () => work(round++))
    return { what: `${what}, p95 over ${cases} cases`, median: milliseconds(percentile95(samples)), target }
  }
  const list = (view: CaseView, query: string, offset = 0) =>
    desk.ask('cases.list', { view, query, offset, limit: 50 }, sessionId)
  const views = ['mine', 'due', 'lacking', 'returned', 'undelivered', 'all'] as const
  const words = searchesFor(cases)
  const rows = [
    await row('queue page', '< 10 ms', (round) => list(views[round % views.length] ?? 'all', '', (round % 5) * 50)),
    await row('search', '< 50 ms', (round) => list('all', words[round % words.length] ?? '')),
    await row('open a case', '< 10 ms', opener(desk, sessionId, (await list('all', '', cases / 2)).cases)),
  ]
  await desk.kill('SIGTERM')
  return rows
}

function opener(desk: DeskUnderTest, sessionId: string, cases: readonly CaseSummary[]) {
  return (round: number) => desk.ask('cases.get', { caseId: cases[round % cases.length]?.caseId ?? '' }, sessionId)
}

/** What clerks type, for cases all over the seed: every kind of word that a case is found by, whole and half typed, also two at once. */
function searchesFor(cases: number): string[] {
  const until = addDays(todayInShanghai(new Date()), -1)
  const plan = { seed: 1, count: cases, before: 0, until, divisionCode: '440282113201' }
  const wanted = Math.floor(cases / 40)
  return [...inventCases(plan)].filter((_, index) => index % wanted === 0).flatMap(wordsFor)
}

function wordsFor({ applicant, receivedAt }: InventedCase): string[] {
  const { name, idNumber, phone } = applicant
  const day = todayInShanghai(receivedAt).replaceAll('-', '')
  const tokens = searchTokens({
    ...{ idNumber, phone, localNumber: `440282113201-1-${day}-0007` },
    applicantName: name,
  })
  const latin = tokens.filter((token) => /^[a-z]+$/.test(token))
  const [whole = '', initials = ''] = [latin[0], latin[1]]
  return [
    ...[name, name.slice(0, 1), name.slice(0, 2), name.slice(1)].map(foldForSearch),
    ...[whole, whole.slice(0, 3), initials],
    ...[idNumber, idNumber.slice(-4), idNumber.slice(0, 6), phone, phone.slice(-4)],
    ...[`${day}-0007`, day, '0007', '高龄津贴', `${name.slice(0, 1)} 临时救助`, `${name} 高龄`],
  ]
}
