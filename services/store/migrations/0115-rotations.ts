/** What a schedule's rotations are since somebody changed them in chat; without a plan the schedule is gone. */
export const rotations = `
create table oncall_plans (
  n bigserial primary key, id text not null unique, schedule text not null, plan jsonb, words text not null,
  reason text, made_by text not null, made_at timestamptz not null, draft text unique, undone_by text, undone_at timestamptz
);
create index oncall_plans_live on oncall_plans (schedule, n) where undone_at is null;
`;
