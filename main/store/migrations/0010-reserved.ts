/** Holds the tenth place until its own change is merged. */
export const sql = `SELECT 1;`
