import qrcode from 'qrcode-generator'

/** A QR code as one SVG path in millimetres: `sideMm` wide without its quiet zone, neighbouring modules joined so that no gaps print. */
export function qrPath(text: string, sideMm: number): string {
  const code = qrcode(0, 'M')
  code.addData(text, 'Byte')
  code.make()
  const count = code.getModuleCount()
  const side = sideMm / count
  const round = (value: number): string => (Math.round(value * 1e4) / 1e4).toString()
  let path = ''
  for (let row = 0; row < count; row++) {
    for (let from = 0; from < count; from++) {
      if (!code.isDark(row, from)) continue
      let to = from
      while (to < count && code.isDark(row, to)) to++
      path += `M${round(from * side)} ${round(row * side)}H${round(to * side)}V${round((row + 1) * side)}H${round(from * side)}Z`
      from = to
    }
  }
  return path
}
