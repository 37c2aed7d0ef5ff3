/** The shape that another language must fill: the same keys, all of them, with texts. A missing or surplus key does not compile. */
export type Words<T> = { readonly [K in keyof T]: T[K] extends string ? string : Words<T[K]> }
