import type { TokenKey } from '../../../preload/contract/seals.ts'

/** Keys that could be seals in the tokens that are plugged in. A library that fails is told to `onFailure` and left out. */
export async function listTokenKeys(onFailure: (error: unknown) => void): Promise<TokenKey[]> {
  const { knownTokenLibraries, listTokens } = await import('../../signing/index.ts')
  const keys: TokenKey[] = []
  for (const { id, name, path } of knownTokenLibraries()) {
    try {
      for (const token of await listTokens(path)) {
        for (const { keyId, certificate } of token.seals) {
          const { serial, label } = token
          const { commonName, organisation, notAfter } = certificate
          keys.push({
            library: id,
            libraryName: name,
            serial,
            label,
            keyId,
            commonName,
            organisation,
            notAfter,
          })
        }
      }
    } catch (error) {
      onFailure(error)
    }
  }
  return keys
}
