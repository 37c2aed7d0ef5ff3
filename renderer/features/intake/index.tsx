/**
 * Owns: taking in a case: finding the matter, the form, the materials, 收件, the receipt.
 * Does not own: the case afterwards (features/case), form widgets (ui/form), the PDF page (ui/pdf-view.tsx).
 * Start here: `Intake`.
 */

/** The picker of matters without a draft, else that draft's page. */
export function Intake({ draftId }: { readonly draftId: string | null }) {
  return <div className="page">{draftId}</div>
}
