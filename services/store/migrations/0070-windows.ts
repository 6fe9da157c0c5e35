/** Calendar entries made in chat, requested changes with their votes, what pipelines asked, and what was sent to others. */
export const windows = `
create table windows (
  id text primary key, kind text not null, spec jsonb not null, reason text, batch text, source text not null,
  created_by text not null, created_at timestamptz not null, ended_at timestamptz, ended_by text
);
create index windows_live on windows (id) where ended_at is null;
create table planned_changes (
  id text primary key, class text not null, state text not null, title text not null, targets jsonb not null,
  body jsonb not null, requester text not null, assignee text not null, starts_at timestamptz not null,
  ends_at timestamptz not null, need_minutes int not null, revision int not null, approved_revision int,
  policy jsonb, eligible jsonb not null, deadline timestamptz, conflicts jsonb not null, glass jsonb, checklist jsonb not null,
  run jsonb, channel text not null, created_at timestamptz not null, decided_at timestamptz, started_at timestamptz,
  finished_at timestamptz, outcome text, note text
);
create index planned_changes_open on planned_changes (starts_at) where finished_at is null;
create index planned_changes_finished on planned_changes (finished_at) where finished_at is not null;
create table planned_votes (
  id bigserial primary key, change text not null, revision int not null, voter text not null, choice text not null,
  reason text, at timestamptz not null, turn text not null
);
create index planned_votes_change on planned_votes (change);
create table gate_checks (
  id text primary key, source text not null, endpoint text not null, callback jsonb not null, change text,
  state text not null, attempts int not null, answer jsonb, last_error text, created_at timestamptz not null,
  expires_at timestamptz not null, decided_at timestamptz
);
create index gate_checks_waiting on gate_checks (created_at) where state = 'waiting';
create table gate_seen (nonce text primary key, at timestamptz not null);
create table automation_deliveries (
  id bigserial primary key, automation text not null, event text not null, seq bigint not null, body jsonb not null,
  state text not null, attempts int not null, last_status int, last_error text, created_at timestamptz not null,
  sent_at timestamptz, replay_of bigint
);
create index automation_deliveries_recent on automation_deliveries (created_at);
create unique index automation_deliveries_once on automation_deliveries (automation, seq) where replay_of is null;
`;
