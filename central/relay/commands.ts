// Owns: the words of the command line about relays.
// Does not own: reaching the office (../office/line.ts), what is done (county.ts).
// Start here: `runRelayOrder`.
import { shanghaiTimeInWords } from '../../preload/contract/calendar.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { Refusal } from '../refusal.ts'
import type { OfficeRelay } from './county.ts'

/** What the command line needs of the office. */
export type RelayOffice = {
  relays(): Promise<OfficeRelay[]>
  removeRelay(relayId: string): Promise<OfficeRelay>
}

/** Carries out `relay list` and `relay remove ID`; an id may be cut short where it is unambiguous. Throws USAGE; refuses `not_found`. */
export async function runRelayOrder(
  office: RelayOffice,
  words: readonly string[],
): Promise<{ readonly text: string; readonly value: unknown }> {
  const [action, id] = words
  if (action === 'list' && words.length === 1) {
    const relays = await office.relays()
    return { text: relays.map(inWords).join('\n') || '还没有中转机。', value: relays }
  }
  if (action !== 'remove' || id === undefined || words.length !== 2) throw new AppError('USAGE')
  const removed = await office.removeRelay(await wholeId(office, id))
  return { text: `已停用 ${removed.relayId}（${removed.name}），它的窗口会在下次联网时得知。`, value: removed }
}

async function wholeId(office: RelayOffice, beginning: string): Promise<string> {
  const found = (await office.relays()).filter(
    ({ relayId, removedAtUtc }) => removedAtUtc === null && beginning.length >= 10 && relayId.startsWith(beginning),
  )
  const [only] = found
  if (only === undefined || found.length > 1) throw new Refusal('not_found', '没有这台中转机，或已经停用')
  return only.relayId
}

function inWords({ relayId, town, name, url, lastSeenAtUtc, removedAtUtc }: OfficeRelay): string {
  const state =
    removedAtUtc !== null
      ? `已停用 ${shanghaiTimeInWords(removedAtUtc)}`
      : lastSeenAtUtc === null
        ? '还没有联系过'
        : `上次联系 ${shanghaiTimeInWords(lastSeenAtUtc)}`
  return [relayId, town, name, url ?? '没有登记地址', state].join('\t')
}

/** The office of a relay: it shows its cases; everything else is the county's. */
export function officeOfRelay<O extends { cases: unknown }>(office: O): O {
  const refuse = async (): Promise<never> => {
    throw new Refusal('relay_only', '这是大厅的中转机，这件事只有县里的中心能办')
  }
  const refused = Object.fromEntries(Object.keys(office).map((name) => [name, refuse])) as unknown as O
  return { ...refused, cases: office.cases }
}
