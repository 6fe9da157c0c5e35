/** Cards of which many copies stand and that are to show the present: one row, however many changed meanwhile. */
export const votes = `
create table stale_cards (card text primary key, asks int not null default 1);
`;
