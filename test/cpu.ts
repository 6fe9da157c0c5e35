/** Milliseconds of processor time that this process has used: what work costs, also on a machine that is busy with other things. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
