/** Working copies that take a document out of the next release: their text is the document that goes. Frozen once landed. */
export const sql = `
ALTER TABLE standard_copies ADD COLUMN removes INTEGER NOT NULL DEFAULT 0 CHECK (removes IN (0, 1));
ALTER TABLE standard_copies_aside ADD COLUMN removes INTEGER NOT NULL DEFAULT 0 CHECK (removes IN (0, 1));
`
