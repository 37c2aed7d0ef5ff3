import { z } from 'zod'

/** How far something has come on its way to the centre, computed from the ledger: never stored. `at-hall`: with the hall's relay while the county is out of reach. */
export const deliverySchema = z.enum(['stored-here', 'at-hall', 'at-centre', 'accepted-by-centre'])

export type Delivery = z.infer<typeof deliverySchema>
