import type { ErrorCode, ErrorDetails } from '../../preload/contract/errors.ts'
import type { Sentence } from '../../preload/contract/sentences.ts'
import { linkReasonsInEnglish } from './link-reasons-en.ts'

type Words = readonly [title: string, remedy: string]

/** `{name}` stands for a detail of the failure. A code without words does not compile. */
const words: { readonly [C in ErrorCode]: Words | ((details: ErrorDetails) => Words) } = {
  INTERNAL: [
    'The program made a mistake.',
    'Received cases are safe here. Try again, or tell the administrator the incident number.',
  ],
  INPUT_INVALID: ['What was sent is not right: {field}.', 'Nothing was changed. Mend it and try again.'],
  NOT_FOUND: ['Not found.', 'It may have been moved, or its number is wrong. Check it and try again.'],
  NOT_ALLOWED: ['Your role may not do this.', 'Nothing was changed. Ask an administrator.'],
  LOGIN_NEEDED: ['Not logged in, or locked.', 'All that was typed is saved. Type the PIN to go on.'],
  PIN_WRONG: ['The PIN is wrong.', '{left} tries are left before a wait.'],
  PIN_WAIT: ['Too many wrong PINs.', 'Wait {seconds} s, then try again. The cases here are safe.'],
  ACCOUNT_UNKNOWN: ['There is no such account.', 'Choose one from the list, or ask the administrator.'],
  FOLDER_IN_USE: [
    'Cunchuang already runs on this data folder.',
    'It was not opened twice. Use the open window, or close it first.',
  ],
  STORE_FROM_NEWER_VERSION: [
    'The data was written by a newer version.',
    'It was not opened or changed. Install the newer version.',
  ],
  STORE_DAMAGED: [
    'The data file cannot be opened; it may be damaged.',
    'It was not changed. Ask the administrator to restore a backup; what the centre has is safe.',
  ],
  STORE_READ_ONLY: [
    'The data folder cannot be written.',
    'Nothing was changed. Ask the administrator to check its permissions.',
  ],
  DISK_FULL: ['The disk is full; this step was not stored.', 'Earlier cases are there. Free some space and try again.'],
  DESK_RESTARTING: ['The program is starting again.', 'Received cases are safe here. Try again in a few seconds.'],
  LEDGER_BROKEN: [
    'Entry {seq} of the ledger does not fit.',
    'Stop using this machine and tell the administrator; a backup can be restored.',
  ],
  LEDGER_FORKED: [
    'The centre holds another entry {seq}.',
    'Nothing was overwritten. The machine may have been copied or restored; tell the administrator.',
  ],
  ID_NUMBER_WRONG: ['The ID number is wrong.', 'What was typed is saved. Compare it with the card.'],
  FORM_INCOMPLETE: ['The form is not complete.', 'What was typed is saved. Fill in the rest, then receive.'],
  MATERIALS_MISSING: [
    'Materials are missing.',
    'What was typed is saved. Add them, or promise them for later where allowed.',
  ],
  CONDITION_NOT_MET: [
    'A condition is not met.',
    'What was typed is saved. Explain it to the applicant, or check the answers.',
  ],
  STEP_NOT_LEGAL: ['This step is not possible in the present state.', 'Nothing was changed. Read the case again.'],
  DRAFT_ALREADY_RECEIVED: [
    'This draft was received already.',
    'It was not received twice. Open it in the list of cases.',
  ],
  THEME_CLOSED: [
    'These matters cannot be taken in together now: one that everybody needs is not open.',
    'Nothing was changed. Take in those that are open one by one.',
  ],
  MATTER_CLOSED: [
    'This matter is not taken in now.',
    'Nothing was received. What was filled in and handed in stays, and goes on once the matter is open again.',
  ],
  STANDARD_UNKNOWN: ['There is no such matter standard.', 'Nothing was changed. Choose from the list.'],
  FILE_TOO_LARGE: [
    'The file is larger than {limitMb} MB.',
    'It was not stored. Take the photo again, or scan it coarser.',
  ],
  FILE_KIND_REFUSED: ['This kind of file cannot be a material.', 'It was not stored. Use a photo (JPG, PNG) or a PDF.'],
  FILE_DAMAGED: ['The file cannot be opened.', 'It was not stored. Take or scan it again.'],
  FILE_NAME_REFUSED: [
    'The file name holds characters that are not allowed.',
    'It was not stored. Rename it and choose again.',
  ],
  FILE_EMPTY: ['The file is empty.', 'It was not stored. Take or scan it again.'],
  FILE_IN_CENTRE: [
    'This file has not been fetched from the centre yet.',
    'It is safe there and comes when the link carries it. Press “Fetch”, or look again in a while.',
  ],
  GLYPHS_MISSING: [
    'Some characters cannot be printed: {characters}.',
    'The case is received. Add them by hand, or write them otherwise.',
  ],
  PDF_NOT_A_PDF: ['This file is not a PDF.', 'It was not changed. Choose a PDF.'],
  PDF_ENCRYPTED: ['This PDF has a password and cannot be sealed.', 'It was not changed. Remove the password first.'],
  PDF_DAMAGED: ['This PDF is damaged or incomplete.', 'It was not changed. Get the file again.'],
  PDF_CERTIFIED_NO_CHANGES: ['The author of this PDF forbids changes.', 'It was not changed.'],
  PDF_SLOT_DEMANDS: [
    'The signature field demands what this seal is not ({demand}).',
    'It was not changed. Choose another place or another seal.',
  ],
  PDF_FIELD_LOCKED: ['The signature field of this PDF is locked.', 'It was not changed.'],
  PDF_PAGE_NOT_FOUND: ['The PDF has no page {page}.', 'It was not changed. It has {pages} pages.'],
  PDF_TOO_LARGE: ['The PDF is larger than {limitMb} MB.', 'It was not changed.'],
  SEAL_PIN_NEEDED: [
    'The seal is locked.',
    'The case is received. After the seal PIN, waiting documents are sealed together.',
  ],
  SEAL_PIN_WRONG: ['The seal PIN is wrong.', 'Nothing was sealed.'],
  SEAL_PIN_WAIT: ['Too many wrong seal PINs.', 'Wait {seconds} s, then try again. The documents wait.'],
  SEAL_FILE_DAMAGED: ['The seal file cannot be opened.', 'Nothing was sealed. Ask who issued it.'],
  SEAL_CERTIFICATE_EXPIRED: ["The seal's certificate has expired.", 'Nothing was sealed. Ask for a new one.'],
  SEAL_CERTIFICATE_NOT_YET_VALID: [
    "The seal's certificate is not valid yet, or the clock is wrong.",
    'Nothing was sealed. Check the date of this machine.',
  ],
  SEAL_NONE: ['There is no seal on this machine.', 'The case is received. Ask the administrator for a seal.'],
  SEAL_NOT_YOURS: ['You do not keep this seal.', 'Nothing was sealed. Ask its keeper or the administrator.'],
  SEAL_MATTER_REFUSED: ['This seal is not for this kind of paper.', 'Nothing was sealed. Choose another seal.'],
  SEAL_APPROVAL_NEEDED: [
    'This seal needs a second person.',
    'Nothing was sealed. Let the approver type their login PIN.',
  ],
  SEAL_APPROVER_UNFIT: ['The approver must be somebody else who may approve.', 'Nothing was sealed.'],
  SEAL_LEASE_ENDED: [
    "The seal's lease has ended or is used up.",
    'Nothing was sealed. The centre renews it when the link is back.',
  ],
  SEAL_CERTIFICATE_REVOKED: ["The seal's certificate was revoked.", 'Nothing was sealed. Ask who issued it.'],
  SEAL_REVOKED: ['This seal was stopped.', 'Nothing was sealed. Choose another or ask the administrator.'],
  SEAL_KEY_MISMATCH: [
    'Key and certificate of the seal file do not belong together.',
    'Nothing was sealed. Ask who issued it.',
  ],
  SEAL_TOKEN_GONE: ['The token was pulled out or does not answer.', 'What is sealed stays. Plug it in and go on.'],
  SEAL_TOKEN_LOCKED: ['The token is locked.', 'Nothing was sealed. Its issuer can unlock it.'],
  SEAL_TOKEN_UNSUPPORTED: [
    'Tokens cannot be used on this machine.',
    'Nothing was sealed. Check the driver or use a seal file.',
  ],
  SEAL_PLACE_UNKNOWN: ['The place for the seal was not found.', 'Nothing was sealed. Choose a place on the page.'],
  SEAL_CERTIFY_TOO_LATE: ['The paper is sealed already and cannot take a first seal.', 'Nothing was sealed.'],
  TIMESTAMP_REFUSED: [
    'The timestamp authority gave no usable timestamp.',
    'The seal stands; it is tried again by itself.',
  ],
  TIMESTAMP_UNREACHABLE: [
    'The timestamp authority cannot be reached.',
    'The seal stands; it is tried again by itself.',
  ],
  PDF_CANNOT_BE_SHOWN: [
    'The pages of this PDF cannot be shown.',
    'It was not changed. Open it elsewhere or get it again.',
  ],
  LINK_DOWN: ['The link is down.', 'Work goes on; cases are kept here and sent by themselves.'],
  CENTRE_UNREACHABLE: [
    'The centre cannot be reached: {why}.',
    'Work goes on; cases are kept here, and the program tries again.',
  ],
  CENTRE_REFUSED: ['The centre did not take it.', 'The cases are safe here. Tell the administrator.'],
  CENTRE_NONSENSE: [
    "The centre's answer makes no sense; perhaps it is another site.",
    'It was not used. The cases are safe here.',
  ],
  ENROLMENT_CODE_WRONG: ['The enrolment code is wrong or used.', 'Not enrolled. Ask for a new code.'],
  RELAY_UNKNOWN: [
    "The centre does not know the hall's relay at this address.",
    'Nothing was given to it. Check the address, or set it when the county is back.',
  ],
  RELAY_UNREACHABLE: [
    "The hall's relay does not answer.",
    'Nothing was changed and all cases are kept here. See whether the relay is on and the hall is connected, then try again.',
  ],
  HALL_TAKEN: ['{window} already works on this case.', 'Nothing was changed. Have a word with that window first.'],
  STICK_GONE: [
    'The stick was pulled out or cannot be read.',
    'What was written is kept. Plug it in and press again; it goes on there.',
  ],
  STICK_FULL: [
    'The stick lacks {missingMb} MB of space.',
    'The cases are here, none is lost. Use another stick, or take the text without photos first.',
  ],
  BUNDLE_NOTHING: ['There is nothing to carry: the centre has everything.', 'No stick is needed.'],
  BUNDLE_DAMAGED: [
    'This file on the stick is incomplete or was changed.',
    'None of it was used; nothing else is touched. Write it once more at the window that it came from.',
  ],
  BUNDLE_FOREIGN: [
    'This file on the stick is for another centre.',
    'It was neither used nor changed. Check whether it is the right stick.',
  ],
  BUNDLE_OF_OTHERS: [
    "This is another window's answer and cannot be read in here.",
    'It was neither used nor changed. Bring the stick back to the window that wrote it.',
  ],
  BUNDLE_OLD: [
    'This answer says nothing new: it was read before, or is older than what this machine knows.',
    'Nothing was changed. Read a newer one when there is one.',
  ],
  BUNDLE_OF_REPLACED: [
    'The machine that wrote this file has been replaced; the centre did not take it.',
    'Nothing on the stick was changed. Hand it to the county’s administrator, who can take it in.',
  ],
  BUNDLE_BUSY: ['The stick is being read or written.', 'Wait until that is done, or press “Stop” first.'],
  ENROLMENT_TOO_LATE: [
    'The machine that this code is to replace has been replaced by another.',
    'Nothing was enrolled and nothing changed here. Ask the county’s administrator for a new code.',
  ],
  STATION_REPLACED: [
    'Another machine has taken the place of this one; the centre takes nothing from it any more.',
    'What was not sent is still here, all of it. Take in no more cases; ask the county’s administrator, who can collect the rest by stick.',
  ],
  RELEASE_DAMAGED: [
    'This release cannot be read: {place}.',
    'The standards in force were not changed. Copy or fetch it again; if that does not help, ask the publisher for a fresh one.',
  ],
  RELEASE_TOO_LARGE: [
    'This release is too large: {place}.',
    'The standards in force were not changed. Reading stopped there. Ask the publisher to look at its files.',
  ],
  RELEASE_UNSIGNED: [
    'This release is not signed yet.',
    'The standards in force were not changed. Have the publisher sign it (standards sign).',
  ],
  RELEASE_SIGNATURE: [
    "The release's signature is wrong: this is not what the publisher signed.",
    'The standards in force were not changed. Do not use this file; tell the publisher.',
  ],
  RELEASE_FOREIGN_PUBLISHER: [
    'This release was not signed by the publisher who counts here.',
    'The standards in force were not changed. Ask the county whose it is. A new publisher is named by a release that the old one signs.',
  ],
  RELEASE_NO_PUBLISHER: [
    'This window does not know yet whose releases count.',
    'The standards in force were not changed. Connect once: the centre tells it. Then read the file again.',
  ],
  RELEASE_FOREIGN_COUNTY: [
    'This release is for another county ({county}).',
    'The standards in force were not changed. Use the file of this county.',
  ],
  RELEASE_NOT_FOR_US: [
    'Release {release} is not for this window.',
    'The standards in force were not changed. Nothing has to be done here.',
  ],
  RELEASE_OLD: (details) =>
    'handedOver' in details
      ? [
          'This is release {release}, an old one: it was signed before the publisher changed keys (release {handedOver}).',
          'The standards in force were not changed. Such a release counts only once the centre has told of it. Connect and wait for the centre, or ask the publisher for the newest release.',
        ]
      : [
          'This is release {release}, an old one: release {inForce} is here already.',
          'The standards in force were not changed. To go back, the publisher releases the old text anew.',
        ],
  RELEASE_GAP: [
    'This release does not follow: it builds on release {base}.',
    'The standards in force were not changed. Use the whole file, or have it made anew on the newest release.',
  ],
  RELEASE_TIME: [
    "The release's time makes no sense.",
    'The standards in force were not changed. Have the publisher mend it and sign again.',
  ],
  RELEASE_DOCUMENT_MISSING: [
    'A document is missing from this release: {document}.',
    'The standards in force were not changed. Use the whole file.',
  ],
  RELEASE_DOCUMENT_CHANGED: [
    '“{document}” is not what the release says.',
    'The standards in force were not changed. Do not use this file; tell the publisher.',
  ],
  RELEASE_DOCUMENT_INVALID: [
    '“{document}” in this release is not right: {place}.',
    'The standards in force were not changed. Have the publisher mend it and release again.',
  ],
  RELEASE_VERSION_REUSED: [
    'The version of “{document}” was used before for something else.',
    'The standards in force were not changed. Other contents need another version. Have the publisher mend it.',
  ],
  RELEASE_KEY_USED: [
    'Release {release} hands the publisher over to a key that was used before.',
    'The standards in force were not changed. A used key is never used again. Have the publisher make a new one and hand over anew.',
  ],
  PUBLISHER_PIN_WRONG: ["The publisher's PIN is wrong.", 'Nothing was signed or changed. Check the PIN and try again.'],
  PUBLISHER_KEY_DAMAGED: [
    "The publisher's key file cannot be read.",
    'Nothing was changed. Use a copy; without one the centre has to register a new key.',
  ],
  PUBLISHER_KEY_NONE: [
    "There is no publisher's key on this machine.",
    'What was written is kept. Publish where the key is, or make one under Publish and have the centre register it.',
  ],
  PUBLISHER_KEY_STRANGE: [
    'This key (fingerprint {short}) is not the one that windows believe now; it was not put in place.',
    'The key here is as it was. A new key has to be handed over to by the one that counts: bring that release to the centre, or read it from a stick, then try again. Choose another file if this was the wrong one.',
  ],
  STANDARD_FAULTY: [
    'Something has to be mended before this can be published.',
    'What was written is kept. Mend what the check names, then publish.',
  ],
  STANDARD_COPY_OUT: [
    'This copy was signed with a release and cannot be changed now.',
    'It is kept. Change it once the release has reached the centre, or drop that release first.',
  ],
  PUBLISH_NOTHING: [
    'There is nothing to publish.',
    'The standards in force were not changed. Change a matter first, or choose other windows.',
  ],
  PUBLISH_CENTRE_BEHIND: [
    'The centre lacks release {release}, perhaps since it was restored from an older backup, and did not take it back ({why}).',
    'Nothing was signed, and what was written is kept. Publish again in some minutes. If that does not help, tell whoever keeps the centre; no desk should make another release {release}.',
  ],
  PUBLISH_STALE: [
    'Another desk has just published; its release is here now, and this one was not signed.',
    'What was written is still here. Look at what it changed, say whose text goes on where both changed the same, then publish.',
  ],
  PUBLISH_ON_STICK: [
    'This release was written to a stick and cannot be dropped: its number would stand for two things.',
    'Send it to the centre; to take its contents back, go back to an earlier release by a new one. One that the centre refused: fetch the stick and delete the file.',
  ],
  PUBLISH_PERHAPS_OUT: [
    'This release is being sent, or was sent without an answer: the centre may have it, and it cannot be dropped.',
    'Nothing is lost. It arrives by itself when the link is back; to take its contents back, go back to an earlier release by a new one.',
  ],
  PUBLISH_DESK_UNKNOWN: [
    'The centre does not know this publishing desk, and does not tell it the county’s counts.',
    'Nothing here is lost. Publish once with the key that is here; without a key, the county names this machine by: central station desk.',
  ],
  PUBLISH_WAITING: [
    'The last release has not reached the centre yet.',
    'What was written is kept. Send that release first, or drop it.',
  ],
  PUBLISH_APPROVAL_NEEDED: [
    'A second person has to agree to a release here.',
    'Nothing was signed. Have the second administrator type account and PIN.',
  ],
  PUBLISH_APPROVER_UNFIT: [
    'This account cannot be the second person: it has to be another administrator.',
    'Nothing was signed. Have another administrator type account and PIN.',
  ],
  PORT_TAKEN: ['Port {port} is taken; another one is used.', 'Data is not affected. Use the new address.'],
  NO_BROWSER: [
    'No usable browser was found.',
    'Data is not affected. Open the printed address in Chrome or Edge 120 or newer.',
  ],
  REQUEST_REFUSED: [
    'This window is out of date: the program was started again.',
    'What was saved is safe; this step was not carried out. Use the window that was opened last; without one, open the address that npm start printed last.',
  ],
  WORKBOOK_REFUSED: [
    'The table was not read.',
    'Nothing of it was imported, and no standard was changed. Save it as a plain .xlsx workbook of at most 16 MB, without macros, links or a password, and try again.',
  ],
  STANDARD_IMPORT_STALE: [
    'A working copy that would be replaced has changed meanwhile.',
    'Nothing was imported, and the working copies are as they were. Look at the list again, then import.',
  ],
  USAGE: ['The command is wrong.', 'Nothing was changed. See --help.'],
  FILE_NOT_FOUND: ['The file {name} was not found.', 'Nothing was changed. Check its name.'],
  FILE_NOT_WRITABLE: [
    'The file {name} cannot be written.',
    'Nothing was changed. Choose another place, or check space and permissions.',
  ],
}

const fill = (text: string, details: ErrorDetails): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? '?'))

/** The English words of a failure. */
export function sentenceInEnglish(code: ErrorCode, details: ErrorDetails = {}): Sentence {
  const found = words[code]
  const [title, remedy] = typeof found === 'function' ? found(details) : found
  const said = code === 'CENTRE_UNREACHABLE' ? { ...details, why: whyInEnglish(details) } : details
  return { title: fill(title, said), remedy: fill(remedy, said) }
}

/** Details carry the reason for the program, and words in Chinese. */
function whyInEnglish({ reason }: ErrorDetails): string {
  const known: Readonly<Record<string, string | undefined>> = linkReasonsInEnglish
  return known[String(reason)] ?? linkReasonsInEnglish.none
}
