import { Input } from 'antd'
import type { TextAreaProps } from 'antd/es/input'

/**
 * A field of several lines that is as high as what stands in it, within bounds; beyond them it scrolls. antd's own
 * `autoSize` sets a style attribute on a copy, which the content policy blocks: then what is too long is cut off.
 */
export function GrowingText(props: Omit<TextAreaProps, 'autoSize' | 'rows' | 'className'>) {
  return <Input.TextArea {...props} rows={2} className="growing-text" />
}
