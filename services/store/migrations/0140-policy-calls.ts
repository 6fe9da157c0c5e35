/** Schedules that a step of an escalation policy calls besides those of wardroom.yaml, since somebody said so in chat. */
export const policyCalls = `
create table policy_calls (
  n bigserial primary key, policy text not null, step integer not null, schedule text not null, reason text,
  made_by text not null, made_at timestamptz not null, ended_by text, ended_at timestamptz
);
create unique index policy_calls_live on policy_calls (policy, step, schedule) where ended_at is null;
`;
