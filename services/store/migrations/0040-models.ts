/** What is known and done about models: drift windows, limits, checks, orders, failed runs, retraining, concerns. */
export const models = `
create table drift_windows (
  endpoint text not null, source text not null, feature text not null, metric text not null, at timestamptz not null,
  value double precision, n_ref bigint, n_cur bigint, bins int, null95 double precision, p double precision,
  floor double precision, state text not null, because text not null, breached boolean not null,
  primary key (endpoint, source, feature, metric, at)
);
create table drift_memory (
  endpoint text not null, source text not null, feature text not null, metric text not null, memory jsonb not null,
  primary key (endpoint, source, feature, metric)
);
create table drift_limits (
  id bigserial primary key, endpoint text not null, feature text not null, value double precision not null,
  why text, set_by text not null, set_at timestamptz not null, undone_by text, undone_at timestamptz
);
create index drift_limits_endpoint on drift_limits (endpoint, feature, id);
create table drift_watches (
  endpoint text primary key, every_minutes int not null, baseline text not null, generation int not null,
  set_by text not null, set_at timestamptz not null, next_at timestamptz not null
);
create table model_checks (
  id text primary key, kind text not null, endpoint text not null, asked_by text not null, asked jsonb not null,
  state text not null, percent int not null default 0, note text not null, result jsonb, conversation text,
  created_at timestamptz not null, finished_at timestamptz
);
create index model_checks_endpoint on model_checks (endpoint, kind, created_at);
create table orders (
  id text primary key, kind text not null, what text not null, endpoint text, workspace text not null,
  payload jsonb not null, asked_by text not null, why text, state text not null, percent int not null default 0,
  note text not null, operation text, attempts int not null default 0, created_at timestamptz not null,
  finished_at timestamptz, conversation text
);
create table failed_runs (
  workspace text not null, run text not null, experiment text not null, endpoint text, cause text not null,
  said text not null, excerpt text not null, ended_at timestamptz not null, retried_as text,
  primary key (workspace, run)
);
create index failed_runs_at on failed_runs (ended_at);
create table training_runs (
  id text primary key, kind text not null, rule text, workspace text not null, endpoint text, model text, source text not null,
  job text not null, asked_by text not null, why text not null, state text not null, note text not null,
  version text, request text, estimate text, currency text, attempts int not null default 0,
  created_at timestamptz not null, finished_at timestamptz, conversation text
);
create index training_runs_rule on training_runs (rule, created_at);
create table retraining_state (
  rule text primary key, paused boolean not null, paused_by text, paused_why text, generation int not null,
  next_at timestamptz
);
create table concerns (
  id text primary key, about text not null, endpoint text, text text not null, raised_by text, state text not null,
  channel text not null, raised_at timestamptz not null, answered_at timestamptz, closed_at timestamptz
);
create table concern_notes (
  id bigserial primary key, concern text not null, at timestamptz not null, by text, what text not null, text text not null
);
create index concern_notes_concern on concern_notes (concern, id);
create table misuse_cases (
  id text primary key, endpoint text not null, concern text, incident text, state text not null, why text not null,
  opened_by text not null, confirmed_by text not null, opened_at timestamptz not null, before jsonb not null, change text,
  checklist jsonb not null, decision text, decided_by text, lessons text, closed_by text, closed_at timestamptz,
  channel text not null
);
`;
