/** Teams' own ids of people (`29:…`), which a card names to give each of them a view of their own. */
export const accounts = `
create table accounts (
  person text primary key,
  account text not null,
  learnt_at timestamptz not null
);
`;
