/** Requests bound to a digest of evidence and policy, voted on in stages; delegations, conditions, model cards, boards. */
export const releases = `
alter table requests add column endpoint text, add column model text, add column subject jsonb,
  add column revision int not null default 1, add column stage int not null default 1,
  add column later jsonb not null default '[]', add column past jsonb not null default '[]',
  add column excluded jsonb not null default '[]', add column voting_at timestamptz,
  add column expires_at timestamptz, add column reminded int not null default 0;
create index requests_endpoint on requests (endpoint) where endpoint is not null;
create index requests_model on requests (model) where model is not null;
alter table votes add column revision text, add column stage int not null default 1;
create table request_revisions (
  request text not null references requests (id), revision int not null, digest text not null, subject jsonb not null,
  changes jsonb not null, by text not null, at timestamptz not null, primary key (request, revision)
);
create table evidence (
  id bigserial primary key, request text not null references requests (id), kind text not null, state text not null,
  digest text not null, summary text not null, source text not null, body jsonb not null, by text not null,
  as_of timestamptz not null, checked_at timestamptz not null
);
create index evidence_request on evidence (request, kind, id);
create table conditions (
  request text not null references requests (id), number int not null, what text not null, owner text not null,
  due timestamptz not null, state text not null, set_by text not null, set_at timestamptz not null,
  proof text, met_by text, met_at timestamptz, primary key (request, number)
);
create table delegations (
  id bigserial primary key, person text not null, delegate text not null, since timestamptz not null,
  until timestamptz not null, reason text, created_at timestamptz not null
);
create index delegations_person on delegations (person, until);
create table model_cards (
  model text not null, version int not null, body jsonb not null, digest text not null, author text not null,
  at timestamptz not null, primary key (model, version)
);
create table board_meetings (
  id text primary key, board text not null, opened_at timestamptz not null, opened_by text not null,
  closed_at timestamptz, present jsonb not null, notes jsonb not null
);
create index board_meetings_board on board_meetings (board, opened_at);
`;
