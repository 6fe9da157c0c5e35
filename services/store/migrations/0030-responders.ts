/** Who works on incidents and how they want to be called; feeds, test pages and the watch over the pager itself. */
export const responders = `
alter table incidents add column assignee text;
alter table incidents add column first_acknowledged_at timestamptz;
alter table incidents add column snoozed_until timestamptz;
alter table incidents add column merged_into text;
alter table incidents add column severity_set jsonb;
update incidents set first_acknowledged_at = acknowledged_at;
create index incidents_working on incidents (opened_at) where state <> 'resolved';
create table incident_followers (
  incident text not null, person text not null, since timestamptz not null, primary key (incident, person)
);
create table incident_tasks (
  id bigserial primary key, incident text not null, text text not null, assignee text, due_at timestamptz,
  created_by text not null, created_at timestamptz not null, done_at timestamptz, done_by text, reminded boolean not null
);
create index incident_tasks_incident on incident_tasks (incident);
create index incident_tasks_open on incident_tasks (assignee) where done_at is null;
create table notify_rules (
  id bigserial primary key, person text not null, after_minutes int not null, how text not null, schedule text,
  worst int not null, mildest int not null, created_at timestamptz not null
);
create index notify_rules_person on notify_rules (person);
create table notify_settings (
  person text primary key, quiet_from text, quiet_to text, quiet_unless int not null, until text not null
);
create table feeds (
  token text primary key, kind text not null, subject text not null, person text not null,
  created_at timestamptz not null, revoked_at timestamptz, used_at timestamptz
);
create index feeds_person on feeds (person) where revoked_at is null;
create table test_pages (
  id bigserial primary key, person text not null, asked_by text not null, created_at timestamptz not null,
  delivered_at timestamptz, confirmed_at timestamptz, alarmed_at timestamptz, settled boolean not null
);
create index test_pages_open on test_pages (id) where not settled;
create table overdue_steps (
  incident text not null, generation int not null, step int not null, healed_at timestamptz not null,
  alarmed_at timestamptz, primary key (incident, generation, step)
);
create table pulse (
  id int primary key check (id = 1), tried_at timestamptz, heard_at timestamptz, failures int not null, last_error text,
  looked_at timestamptz, alarmed_at timestamptz
);
`;
