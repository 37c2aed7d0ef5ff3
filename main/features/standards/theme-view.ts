import { AppError } from '../../../preload/contract/errors.ts'
import { identityOf, readDocument } from '../../../preload/contract/standards/documents.ts'
import type { MergedThemeView } from '../../../preload/contract/standards/writing.ts'
import { questionsOf } from '../../standards/form/questions.ts'
import { membersOf, mergeTheme, type ThemeSources } from '../../standards/merge-theme.ts'
import type { StandardsGround } from './ground.ts'
import { nextDocuments } from './known.ts'
import { selectCopy } from './store.ts'

/** A theme that is being written as it would be taken in, among the documents of the next release. Throws NOT_FOUND. */
export function mergedTheme(ground: StandardsGround, copyId: string): MergedThemeView {
  const row = selectCopy(ground.context.store.db, copyId)
  if (row === undefined) throw new AppError('NOT_FOUND', { what: '正在改的这一份' })
  const read = readDocument(row.body)
  if (!read.ok || read.document.kind !== 'theme') return { form: null, matters: [], materials: [], conflicts: [] }
  const theme = read.document.value
  const sources = sourcesOf(ground)
  const { found } = membersOf(theme, sources)
  const { form, materials, faults } = mergeTheme(theme, sources)
  return {
    form: found.length === 0 ? null : form,
    matters: found.map(({ member: { standard }, at }) => ({
      ...{ at, id: standard.itemId, name: standard.name },
      questions: questionsOf(standard.form).flatMap(({ path, title }) => {
        const [, name = '', ...inner] = path.split('/')
        return inner.length === 0 ? [{ name, title }] : []
      }),
      materials: standard.materials.flatMap(({ reuseKey, name }) =>
        reuseKey === undefined ? [] : [{ key: reuseKey, name }],
      ),
    })),
    materials: materials.map(({ id, name, itemIds }) => ({ id, name, count: itemIds.length })),
    conflicts: faults.flatMap((fault) => {
      if (fault.why !== 'conflict') return []
      const [first] = fault.ids
      return [{ at: fault.at, name: fault.name, withMatter: sources.matter(first)?.name ?? first }]
    }),
  }
}

function sourcesOf(ground: StandardsGround): ThemeSources {
  const documents = new Map(
    nextDocuments(ground).map((document) => [`${document.kind} ${identityOf(document).id}`, document]),
  )
  return {
    matter: (itemId) => {
      const found = documents.get(`matter ${itemId}`)
      return found?.kind === 'matter' ? found.value : undefined
    },
    theme: (themeId) => {
      const found = documents.get(`theme ${themeId}`)
      return found?.kind === 'theme' ? found.value : undefined
    },
  }
}
