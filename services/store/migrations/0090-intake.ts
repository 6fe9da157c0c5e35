/** Use cases, from an idea to a portfolio. Signatures and results are only ever added to. */
export const intake = `
create table use_cases (
  id text primary key,
  title text not null,
  state text not null,
  answers jsonb not null,
  revision int not null,
  risk jsonb,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  signoff_asked_at timestamptz,
  business_case jsonb,
  pilot jsonb
);
create index use_cases_state on use_cases (state);
create table use_case_questions (
  id serial primary key,
  use_case text not null references use_cases (id),
  section text not null,
  asked text not null,
  chain jsonb not null,
  state text not null,
  nudges int not null,
  created_at timestamptz not null,
  decided_at timestamptz
);
create unique index use_case_questions_open on use_case_questions (use_case, section) where state = 'open';
create index use_case_questions_asked on use_case_questions (asked) where state = 'open';
create table use_case_signatures (
  id serial primary key,
  use_case text not null references use_cases (id),
  stakeholder text not null,
  person text not null,
  verdict text not null,
  reason text,
  revision int not null,
  at timestamptz not null,
  answer jsonb
);
create index use_case_signatures_case on use_case_signatures (use_case);
create table use_case_links (
  use_case text not null references use_cases (id),
  kind text not null,
  target text not null,
  detail jsonb not null,
  person text not null,
  at timestamptz not null,
  primary key (use_case, kind, target)
);
create index use_case_links_target on use_case_links (kind, target);
create table use_case_results (
  id serial primary key,
  use_case text not null references use_cases (id),
  criterion text not null,
  measured jsonb not null,
  source text not null,
  person text not null,
  at timestamptz not null
);
create index use_case_results_case on use_case_results (use_case);
create table readiness (
  id serial primary key,
  department text not null,
  answers jsonb not null,
  person text not null,
  at timestamptz not null
);
create index readiness_department on readiness (department, at)
`;
