/** "1 row", "1,200 rows": for the words of the services; cards count by `counted` of cards/parts/text.ts. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
