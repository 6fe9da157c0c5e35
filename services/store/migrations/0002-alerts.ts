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

create table incidents (
  id text primary key, endpoint text, workspace text, team text, state text not null, severity int not null,
  title text not null, why text not null, opened_at timestamptz not null, last_signal_at timestamptz not null,
  acknowledged_at timestamptz, acknowledged_by text, resolved_at timestamptz, resolved_by text,
  escalation jsonb not null, findings jsonb, channel text not null
);
create index incidents_open on incidents (endpoint) where state <> 'resolved';
create index incidents_opened on incidents (opened_at);
create table alert_keys (key text primary key, marks jsonb not null, updated_at timestamptz not null);
create table episodes (
  id bigserial primary key, incident text not null references incidents (id), dedup_key text not null,
  signal jsonb not null, started_at timestamptz not null, ended_at timestamptz
);
create index episodes_incident on episodes (incident);
create index episodes_key on episodes (dedup_key);
create table upstream_facts (
  key text primary key, workspace text, endpoint text, at timestamptz not null, fact jsonb not null
);
create index upstream_facts_at on upstream_facts (at);
`;
