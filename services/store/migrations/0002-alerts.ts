/** What arrives by webhook and the incidents it becomes. */
export const alerts = `
create table hook_events (
  id bigserial primary key, source text not null, key text not null, type text not null, body jsonb not null,
  received_at timestamptz not null, state text not null, result jsonb, unique (source, key)
);
create index hook_events_new on hook_events (id) where state = 'new';
create index hook_events_received on hook_events (received_at);
create table hook_rejections (
  day text not null, hook text not null, reason text not null, count int not null, primary key (day, hook, reason)
);

create sequence incident_number start 101;
create table incidents (
  id text primary key, endpoint text, workspace text, team text, state text not null, severity int not null,
  title text not null, why text not null, opened_at timestamptz not null, last_signal_at timestamptz not null,
  acknowledged_at timestamptz, acknowledged_by text, resolved_at timestamptz, resolved_by text,
  escalation jsonb not null, drift jsonb, upstream jsonb, channel text not null
);
create index incidents_open on incidents (endpoint) where state <> 'resolved';
create index incidents_opened on incidents (opened_at);
create table episodes (
  id bigserial primary key, incident text not null references incidents (id), dedup_key text not null,
  kind text not null, source text not null, rule text not null, headline text not null, severity int not null,
  state text not null, started_at timestamptz not null, ended_at timestamptz, detail jsonb not null
);
create index episodes_incident on episodes (incident);
create index episodes_key on episodes (dedup_key, started_at desc);
create table upstream_facts (
  id bigserial primary key, key text not null unique, workspace text, endpoint text, kind text not null,
  what text not null, at timestamptz not null, detail jsonb not null
);
create index upstream_facts_at on upstream_facts (at);
`;
