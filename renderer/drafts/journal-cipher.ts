/**
 * Encrypts what the journal holds. The key comes from the desk's encrypted store after login and lives in this page's
 * memory alone, not extractable: on the disk there is only ciphertext, which a copied browser profile does not open.
 * It does not protect from a program that runs in this page, nor from one that reads this computer's memory.
 */
export type JournalCipher = {
  /** Encrypts a text for one draft. */
  seal(draftId: string, text: string): Promise<{ vector: Uint8Array<ArrayBuffer>; sealed: ArrayBuffer }>
  /** Decrypts; null where the key is another one or a byte was changed. */
  open(draftId: string, vector: Uint8Array<ArrayBuffer>, sealed: ArrayBuffer): Promise<string | null>
}

const algorithm = 'AES-GCM'

/** Makes the cipher of a 32-byte key. Fails where the key has another length or the page is not in a secure context. */
export async function createJournalCipher(keyBytes: Uint8Array<ArrayBuffer>): Promise<JournalCipher> {
  const key = await crypto.subtle.importKey('raw', keyBytes, { name: algorithm }, false, ['encrypt', 'decrypt'])
  const parameters = (draftId: string, vector: Uint8Array<ArrayBuffer>) => ({
    name: algorithm,
    iv: vector,
    additionalData: new TextEncoder().encode(draftId),
  })
  return {
    seal: async (draftId, text) => {
      const vector = crypto.getRandomValues(new Uint8Array(12))
      const sealed = await crypto.subtle.encrypt(parameters(draftId, vector), key, new TextEncoder().encode(text))
      return { vector, sealed }
    },
    open: async (draftId, vector, sealed) => {
      try {
        return new TextDecoder().decode(await crypto.subtle.decrypt(parameters(draftId, vector), key, sealed))
      } catch {
        return null
      }
    },
  }
}
