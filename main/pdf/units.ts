/** Points in a millimetre of paper: a point is 1/72 inch (ISO 32000-1, 8.3.2.3). */
export const pointsPerMm = 72 / 25.4
