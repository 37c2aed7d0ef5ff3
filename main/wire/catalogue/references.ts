// Owns: whether what the documents of a catalogue name of each other is in it: templates of papers, members of themes, without a circle.
// Does not own: a document by itself (documents.ts), whether a theme's forms fit together (main/standards).
// Start here: `assertReferences`.
import { z } from 'zod'
import type { CatalogueManifest, DocumentRef } from '../../../preload/contract/catalogue.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { documentInWords } from '../../../preload/contract/standards/documents.ts'
import { deepestTheme } from '../../../preload/contract/standards/theme.ts'
import { eachInTurns } from '../turns.ts'
import type { CatalogueDocument } from './documents.ts'
import type { DocumentSource } from './pack.ts'

/** What of a document names others; read by itself, since a catalogue is looked through at every release. */
const namingSchema = z.object({
  paper: z.string().default(''),
  templates: z.array(z.object({ paper: z.string(), templateId: z.string() })).default([]),
  materials: z.array(z.object({ blankForm: z.string().default('') })).default([]),
  members: z.array(z.object({ kind: z.enum(['matter', 'theme']), id: z.string() })).default([]),
})

type Naming = z.infer<typeof namingSchema> & { readonly ref: DocumentRef }
type Named = ReadonlyMap<string, Naming>

/** The whole catalogue of a release: what came with it, and what is here already. Throws RELEASE_DOCUMENT_MISSING. */
export function wholeOf(
  { documents }: CatalogueManifest,
  fresh: readonly CatalogueDocument[],
  documentOf: DocumentSource,
) {
  const bodies = new Map(fresh.map(({ sha256, bytes }) => [sha256, bytes]))
  return documents.map((ref) => {
    const bytes = bodies.get(ref.sha256) ?? documentOf(ref)
    if (bytes === undefined) throw new AppError('RELEASE_DOCUMENT_MISSING', { document: documentInWords(ref) })
    return [ref, bytes] as const
  })
}

/**
 * Throws RELEASE_DOCUMENT_INVALID with document and place where one of a whole catalogue names a template or a member that is
 * not in it, a template of another paper, or where themes go round in a circle or too deep. The documents were judged before.
 */
export async function assertReferences(
  documents: readonly (readonly [ref: DocumentRef, bytes: Buffer])[],
): Promise<void> {
  const naming: Naming[] = []
  await eachInTurns(documents, ([ref, bytes]) => {
    if (ref.kind !== 'calendar') naming.push({ ref, ...namingSchema.parse(JSON.parse(bytes.toString('utf8'))) })
  })
  const named: Named = new Map(naming.map((one) => [`${one.ref.kind} ${one.ref.id}`, one]))
  const sound = new Set<string>()
  for (const one of naming) {
    const fault = templateFault(one, named) ?? memberFault(one, named, [], sound)
    if (fault !== undefined)
      throw new AppError('RELEASE_DOCUMENT_INVALID', { document: documentInWords(one.ref), place: fault })
  }
}

function templateFault({ templates, materials }: Naming, named: Named): string | undefined {
  const wanted = [
    ...templates.map(({ paper, templateId }, at) => ({ paper, id: templateId, place: `templates.${at}` })),
    ...materials.map(({ blankForm }, at) => ({ paper: 'form', id: blankForm, place: `materials.${at}.blankForm` })),
  ]
  for (const { paper, id, place } of wanted) {
    if (id === '') continue
    const template = named.get(`template ${id}`)
    if (template === undefined) return `${place} 用的文书样式“${id}”不在这次发布里`
    if (template.paper !== paper) return `${place} 用的文书样式“${id}”是给另一种文书的`
  }
  return undefined
}

/** `sound`: themes below which nothing was found at their depth. Each is looked through once a depth, however many name it. */
function memberFault(
  { ref, members }: Naming,
  named: Named,
  above: readonly string[],
  sound: Set<string>,
): string | undefined {
  const place = `${above.length} ${ref.kind} ${ref.id}`
  if (sound.has(place)) return undefined
  for (const [at, { kind, id }] of members.entries()) {
    const inner = named.get(`${kind} ${id}`)
    const what = kind === 'matter' ? '事项' : '一件事'
    if (inner === undefined) return `members.${at} 的${what}“${id}”不在这次发布里`
    if (kind === 'matter') continue
    if ([...above, ref.id].includes(id)) return `members.${at} 绕成了圈：又回到了“${id}”`
    if (above.length + 2 > deepestTheme) return `members.${at} 套得太深：“${id}”`
    const below = memberFault(inner, named, [...above, ref.id], sound)
    if (below !== undefined) return `members.${at} 的“${id}”里 ${below}`
  }
  sound.add(place)
  return undefined
}
