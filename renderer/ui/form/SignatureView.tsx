import { isSignature, signatureField, signedOnPaper } from '../../../preload/contract/standards/signature.ts'

/** A signature as it was drawn; nothing for a text that is none. */
export function SignatureView({ text, label }: { readonly text: string; readonly label: string }) {
  const isDrawn = text !== signedOnPaper && isSignature(text)
  return (
    <svg
      className="signature-view"
      viewBox={`0 0 ${signatureField.width} ${signatureField.height}`}
      role="img"
      aria-label={label}
    >
      {isDrawn ? <path d={text} /> : null}
    </svg>
  )
}
