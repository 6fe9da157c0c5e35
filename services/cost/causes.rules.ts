import type { Cause } from './source.ts';

/** What cost more or less, by its name in the ledger. */
export interface Driver {
  name: string;
  before: number;
}

const about = (cause: Cause, { name }: Driver): boolean => name === (cause.endpoint ?? cause.compute)?.toLowerCase();

/** What lies behind a driver: of one that cost nothing before that it was made, otherwise the latest; `causes` newest first. */
export function causeOf(driver: Driver, causes: readonly Cause[]): Cause | undefined {
  const own = causes.filter((cause) => about(cause, driver));
  return (driver.before === 0 ? own.find(({ made }) => made) : undefined) ?? own[0];
}

/** What was done and by whom; Azure's own words may name the person already. */
export const causeWords = ({ what, by }: Cause): string => (by && !what.includes(by) ? `${what}, by ${by}` : what);

/** What is told of all that was done: first what lies behind the drivers, in their order, then the latest of the rest. */
export function toldOf(drivers: readonly Driver[], causes: readonly Cause[], most: number): Cause[] {
  const first = drivers.flatMap((driver) => causeOf(driver, causes) ?? []);
  return [...new Set([...first, ...causes])].slice(0, most);
}
