/** Requests, votes and the changes they allow. */
export const approvals = `
create table requests (
  id text primary key, kind text not null, title text not null, reason text not null, requester text not null,
  incident text, plan jsonb not null, digest text not null, policy jsonb not null, eligible jsonb not null,
  state text not null, decided_at timestamptz, decision jsonb, change text,
  created_at timestamptz not null, deadline timestamptz not null, channel text not null
);
create index requests_open on requests (state) where state in ('voting', 'executing');
create index requests_incident on requests (incident) where incident is not null;
create table votes (
  id bigserial primary key, request text not null references requests (id), voter text not null,
  choice text not null, reason text, at timestamptz not null, turn text not null unique
);
create index votes_request on votes (request);
create table changes (
  id text primary key, request text, incident text, endpoint text not null, kind text not null, plan jsonb not null,
  state text not null, operation_url text, percent int not null default 0, note text,
  created_at timestamptz not null, started_at timestamptz, finished_at timestamptz, attempts int not null default 0
);
create index changes_open on changes (endpoint) where state not in ('succeeded', 'failed');
`;
