// Owns: what an entry's payload says that follows from earlier entries of the same request.
// Does not own: how a value is written (frame-writer.ts).
// Start here: `Derivations`; a new derivation is one more line in `rules`, and a new version of the frames.
import type { EntryName } from '../../../preload/contract/entries.ts'
import { PendingHash } from './frame-reader.ts'

/** A document as its last entry left it. */
type DocumentFacts = { documentId: unknown; kind: unknown; fileSha256: unknown; fileName: unknown }

/** What is remembered of a subject: its 收件 and its last document. */
type SubjectFacts = { seq?: number; hash?: string; localNumber?: string; document?: DocumentFacts }

type Fields = Readonly<Record<string, unknown>>

const rememberedSubjects = 256

/** What each kind's payload says that is known already. A payload that says otherwise is sent as it is. */
const rules: { readonly [Name in EntryName]?: (facts: SubjectFacts) => Fields } = {
  'document.made@1': ({ seq, hash, localNumber }) =>
    seq === undefined
      ? {}
      : {
          quotesSeq: seq,
          quotesHash: hash ?? new PendingHash(seq),
          file: { name: `收件凭证-${localNumber}.pdf` },
        },
  'document.sealed@2': ({ document }) => laterDocument(document),
  'document.timestamped@1': ({ document }) => laterDocument(document),
}

/** A later state of a document: it follows on the file before. */
function laterDocument(document: DocumentFacts | undefined): Fields {
  if (document === undefined) return {}
  const { documentId, kind, fileSha256, fileName } = document
  return { documentId, kind, before: fileSha256, file: { name: fileName } }
}

/** The facts of one request, the same at both ends after the same entries. */
export class Derivations {
  readonly #subjects = new Map<string, SubjectFacts>()
  readonly #received = new Map<number, SubjectFacts>()

  /** What follows for the payload of the next entry. */
  of(name: string, subject: string): Fields {
    const rule = Object.hasOwn(rules, name) ? rules[name as EntryName] : undefined
    return rule?.(this.#subjects.get(subject) ?? {}) ?? {}
  }

  /** Takes note of an entry. Its hash may come later. */
  note(entry: {
    readonly seq: number
    readonly name: string
    readonly subject: string
    readonly payload: unknown
  }): void {
    const { seq, name, subject, payload } = entry
    if (!isFields(payload)) return
    const facts = this.#subjects.get(subject) ?? {}
    if (name === 'case.received@1' && isShort(payload.localNumber)) {
      facts.seq = seq
      facts.localNumber = payload.localNumber
      delete facts.hash
      this.#received.set(seq, facts)
    } else if (/^document\.(?:made@1|sealed@2|timestamped@1)$/.test(name)) {
      const document = documentOf(payload, facts.document)
      if (document !== undefined) facts.document = document
    } else return
    this.#remember(subject, facts)
  }

  /** An entry's hash is known now. */
  hashed(seq: number, hash: string): void {
    const facts = this.#received.get(seq)
    if (facts?.seq === seq) facts.hash = hash
    this.#received.delete(seq)
  }

  #remember(subject: string, facts: SubjectFacts): void {
    this.#subjects.delete(subject)
    this.#subjects.set(subject, facts)
    const [oldest] = this.#subjects.keys()
    if (this.#subjects.size > rememberedSubjects && oldest !== undefined) this.#subjects.delete(oldest)
  }
}

function documentOf(payload: Fields, before: DocumentFacts | undefined): DocumentFacts | undefined {
  const { documentId, kind = before?.kind, file } = payload
  if (!isFields(file)) return undefined
  const facts = { documentId, kind, fileSha256: file.sha256, fileName: file.name }
  return Object.values(facts).every((fact) => fact === undefined || isShort(fact)) ? facts : undefined
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isShort(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 200
}
