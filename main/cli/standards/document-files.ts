/** What a document is written as a file by. */
type Named = { readonly kind: string; readonly id: string }

/** Names that a folder's reader passes over: a document under one of them would be lost. */
const passedOver = ['release.json', 'manifest.json']

/** A file a document, named by what it is: matters by their id alone. None has the name of another on any file system, nor one that is not read again. */
export function documentFiles<T extends Named>(documents: readonly T[]): { readonly name: string; readonly of: T }[] {
  const taken = new Set(passedOver)
  return documents.map((of) => {
    const { kind, id } = of
    const plain = id
      .replaceAll(/[^\p{L}\p{N}._-]+/gu, '_')
      .replace(/^\.+/u, '')
      .slice(0, 80)
    const base = `${kind === 'matter' ? '' : `${kind}-`}${plain === '' ? kind : plain}`
    let name = `${base}.json`
    // File systems that tell no capitals apart must not lose one of two.
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${base}-${number}.json`
    taken.add(name.toLowerCase())
    return { name, of }
  })
}
