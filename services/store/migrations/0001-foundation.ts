/** Turns, the audit chain, delivery, confirmations. */
export const foundation = `
create table turns (
  key text primary key, capability text not null, actor text not null, at timestamptz not null, answer jsonb
);
create index turns_at on turns (at);

create table audit (
  seq bigint primary key, at timestamptz not null, actor text not null, action text not null,
  objects text[] not null, outcome text not null, why text, detail jsonb not null,
  prev_hash text not null, hash text not null
);
create index audit_objects on audit using gin (objects);
create index audit_at on audit (at);
create table audit_head (id int primary key check (id = 1), seq bigint not null, hash text not null);
insert into audit_head values (1, 0, repeat('0', 64));

create table conversations (
  key text primary key, conversation_id text not null, kind text not null, service_url text not null,
  tenant_id text, team_id text, name text, installed boolean not null, updated_at timestamptz not null
);
create index conversations_id on conversations (conversation_id);

create table outbox (
  id bigserial primary key, key text not null unique, card text, kind text not null, ids jsonb not null,
  conversation text not null, under text, reply_to text, priority int not null,
  wanted int not null default 1, drawn int not null default 0, state text not null default 'open',
  activity_id text, creating boolean not null default false, attempts int not null default 0,
  due_at timestamptz not null, created_at timestamptz not null, sent_at timestamptz, last_error text
);
create index outbox_work on outbox (due_at) where wanted > drawn and state = 'open';
create index outbox_lane on outbox (conversation, priority, id) where wanted > drawn and state = 'open';
create index outbox_card on outbox (card) where card is not null;
create index outbox_activity on outbox (activity_id) where activity_id is not null;
create table lanes (conversation text primary key, blocked_until timestamptz, recent jsonb not null);

create table confirmations (
  id text primary key, capability text not null, input jsonb not null, actor text not null, preview text not null,
  second_person boolean not null, state text not null, decided_by text,
  created_at timestamptz not null, expires_at timestamptz not null
);
create table settings (key text primary key, value jsonb not null);
`;
