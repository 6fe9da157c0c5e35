/** What somebody signs in for once more before it counts, and the proof that they did, beside the vote. */
export const signatures = `
create table signatures (
  id text primary key, capability text not null, input jsonb not null, actor text not null, place jsonb not null,
  about text not null, title text not null, statement text not null, salt text not null, max_age integer not null, acrs text,
  state text not null, outcome text, browser text, verifier text, tries integer not null default 0,
  created_at timestamptz not null, expires_at timestamptz not null
);
create index signatures_waiting on signatures (actor, about) where state = 'waiting';
alter table votes add column proof jsonb;
`;
