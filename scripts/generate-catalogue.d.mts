/** Matters open city-wide: of village and town, and of the county. */
export declare const cityWide: { readonly village: number; readonly county: number }

/** Made-up matters for size tests; the same count and seed give the same documents. */
export declare function generateMatters(options?: {
  readonly count?: number
  readonly seed?: number
}): readonly { readonly itemId: string; readonly [field: string]: unknown }[]
