/** "1 row", "1,200 rows": for the words of the services; cards count by `counted` of cards/parts/text.ts. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;

/** "€4,200" in a sentence, whole units: what is about so much. Cards write exact money by `money` of their own. */
export const cash = ({ amount, currency }: { amount: string; currency: string }): string =>
  new Intl.NumberFormat('en-GB', { style: 'currency', currency, maximumFractionDigits: 0 }).format(Number(amount));
