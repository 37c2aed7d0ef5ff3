/** CPU time that this process has worked since `begun`, milliseconds: what it takes also where others keep the machine busy. */
export function workedMs(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun)
  return (user + system) / 1000
}
