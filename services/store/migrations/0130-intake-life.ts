/**
 * Votes on pilots, paths of escalation of a use case, which use case a concern belongs to, and tasks that belong to no
 * incident. Votes are only ever added.
 */
export const intakeLife = `
create table pilot_ballots (
  id serial primary key,
  use_case text not null references use_cases (id),
  state text not null,
  policy jsonb not null,
  eligible jsonb not null,
  excluded jsonb not null,
  opened_by text not null,
  opened_at timestamptz not null,
  deadline timestamptz not null,
  decided_at timestamptz,
  outcome jsonb
);
create unique index pilot_ballots_open on pilot_ballots (use_case) where state = 'open';
create table pilot_votes (
  id serial primary key,
  ballot int not null references pilot_ballots (id),
  voter text not null,
  choice text not null,
  reason text not null,
  until timestamptz,
  at timestamptz not null
);
create index pilot_votes_ballot on pilot_votes (ballot);
create table use_case_paths (
  use_case text not null references use_cases (id),
  kind text not null,
  path jsonb not null,
  person text not null,
  at timestamptz not null,
  primary key (use_case, kind)
);
alter table concerns add column use_case text;
create index concerns_use_case on concerns (use_case) where use_case is not null;
alter table incident_tasks alter column incident drop not null;
`;
