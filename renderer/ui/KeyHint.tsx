/** The key that does the same as the thing it stands on. Hidden from screen readers, which hear `aria-keyshortcuts`. */
export function KeyHint({ keys }: { readonly keys: string }) {
  return (
    <span className="key" aria-hidden="true">
      {keys}
    </span>
  )
}
