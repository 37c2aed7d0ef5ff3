import { z } from 'zod'

/** Imported before anything that declares a schema: the page's content security policy forbids compiled code. */
z.config({ jitless: true })
