import { z } from 'zod'

/** How far something has come on its way to the centre, computed from the ledger: never stored. */
export const deliverySchema = z.enum(['stored-here', 'at-centre', 'accepted-by-centre'])

export type Delivery = z.infer<typeof deliverySchema>
