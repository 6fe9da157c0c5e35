/** What a planned change needs of Azure, what it silences while it runs, and how its targets stood when it began. */
export const changeCare = `
alter table planned_changes add column need jsonb;
alter table planned_changes add column hush jsonb;
alter table planned_changes add column before jsonb;
alter table planned_changes add column voting_at timestamptz;
`;
