declare module 'subset-font' {
  /** Keeps the glyphs of `text`; only the options used here. */
  function subsetFont(
    font: Buffer,
    text: string,
    options: { targetFormat: 'truetype' | 'sfnt' | 'woff' | 'woff2' },
  ): Promise<Buffer>
  export = subsetFont
}
