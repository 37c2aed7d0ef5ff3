/** Whether a release that waits may already be at the centre: it was sent, and no answer came. Such a one is not dropped. */
export const sql = `
ALTER TABLE releases_made ADD COLUMN perhaps_out INTEGER NOT NULL DEFAULT 0 CHECK (perhaps_out IN (0, 1));
`
