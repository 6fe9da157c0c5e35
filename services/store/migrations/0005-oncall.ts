/** On call as people change it in chat, and who was on call when it was last looked at. */
export const oncall = `
create table oncall_overrides (
  id bigserial primary key, schedule text not null, person text, instead_of text, alongside boolean not null,
  starts_at timestamptz not null, ends_at timestamptz not null, reason text, created_by text not null,
  created_at timestamptz not null, removed_at timestamptz, removed_by text, swap bigint
);
create index oncall_overrides_live on oncall_overrides (schedule, ends_at) where removed_at is null;
create table oncall_swaps (
  id bigserial primary key, schedule text not null, asker text not null, asked text not null,
  gives_from timestamptz not null, gives_to timestamptz not null, takes_from timestamptz not null,
  takes_to timestamptz not null, state text not null, created_at timestamptz not null,
  expires_at timestamptz not null, decided_at timestamptz
);
create index oncall_swaps_asked on oncall_swaps (schedule) where state = 'asked';
create table oncall_watch (schedule text primary key, people jsonb not null, generation int not null);
`;
