/**
 * Who closes a gap of an assessment: one row a gap. They were kept in one value under `settings`, where two who gave gaps
 * at once had to wait for each other.
 */
export const readinessGaps = `
create table readiness_gaps (
  department text not null,
  statement text not null,
  person text not null,
  given_by text not null,
  at timestamptz not null,
  primary key (department, statement)
);
insert into readiness_gaps (department, statement, person, given_by, at)
  select department.key, gap.key, gap.value ->> 'person', gap.value ->> 'by', (gap.value ->> 'at')::timestamptz
  from settings, jsonb_each(settings.value) as department, jsonb_each(department.value) as gap
  where settings.key = 'intake:gap-owners';
delete from settings where key = 'intake:gap-owners';
`;
