/** Forms that were begun. */
export const drafts = `
create table drafts (
  id text primary key,
  form text not null,
  owner text not null,
  subject text,
  at int not null,
  values jsonb not null,
  state text not null,
  result text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index drafts_owner on drafts (owner) where state = 'open';
`;
