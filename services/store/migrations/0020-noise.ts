/** What keeps alerts from being told, and what a group of them said last. */
export const noise = `
alter table outbox add column retry_ms int;
alter table incidents add column route text;
alter table incidents add column group_key text;
alter table incidents add column silenced_by text;
create index incidents_group on incidents (group_key) where state <> 'resolved';
alter table alert_keys add column quiet_after timestamptz;
alter table alert_keys add column timer boolean not null default false;
create index episodes_firing on episodes ((signal ->> 'kind'), (signal ->> 'rule')) where ended_at is null;

create table notifications (
  incident text primary key references incidents (id), pace jsonb not null, send_resolved boolean not null,
  channels jsonb not null, first_at timestamptz not null, told jsonb, beat timestamptz, generation int not null,
  messages int not null default 0
);
create table held_alerts (
  key text primary key, signal jsonb not null, event text, held_at timestamptz not null, check_at timestamptz,
  by text[] not null, steps jsonb not null
);
create index held_alerts_check on held_alerts (check_at);
create index held_alerts_by on held_alerts using gin (by);
create table alert_arrivals (key text primary key, at jsonb not null);
create table silences (
  id text primary key, kind text not null, matchers jsonb not null, starts_at timestamptz not null,
  ends_at timestamptz not null, reason text not null, made_by text not null, made_at timestamptz not null,
  ended_by text, incident text, generation int not null default 0
);
create index silences_ends on silences (ends_at);
create table noise_rules (
  id text primary key, text text not null, matchers jsonb not null, effect jsonb not null, reason text not null,
  made_by text not null, made_at timestamptz not null, ended_by text, ended_at timestamptz
);
`;
