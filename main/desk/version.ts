/** The program's version, as package.json has it (a test keeps them equal). */
export const programVersion = '0.5.0'
