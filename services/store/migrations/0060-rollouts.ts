/** Rollouts in steps, what was seen at each look, what endpoints should serve and where they were found otherwise. */
export const rollouts = `
alter table changes add column rollout text;
create index changes_rollout on changes (rollout) where rollout is not null;
create table rollouts (
  id text primary key, request text not null unique, endpoint text not null, workspace text not null, model text not null,
  version text not null, plan jsonb not null, state text not null, step int not null, step_since timestamptz,
  look int not null default 0, tallies jsonb not null, reading jsonb, intent text, note text not null, held jsonb,
  baseline jsonb, change text, attempts int not null default 0, channel text not null, created_at timestamptz not null,
  started_at timestamptz, finished_at timestamptz
);
create index rollouts_open on rollouts (endpoint) where finished_at is null;
create index rollouts_model on rollouts (model, created_at);
create table rollout_looks (
  rollout text not null references rollouts (id), look int not null, step int not null, at timestamptz not null,
  reading jsonb not null, primary key (rollout, look)
);
create table serving (
  endpoint text primary key, expected jsonb not null, request text, since timestamptz not null, looked_at timestamptz not null
);
create table deviations (
  id text primary key, endpoint text not null, found jsonb not null, digest text not null, state text not null,
  by_whom text, happened_at timestamptz, reported_at timestamptz not null, closed_at timestamptz, closing jsonb
);
create index deviations_open on deviations (endpoint) where closed_at is null;
`;
