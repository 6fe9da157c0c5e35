/** Whether a change started by itself: what it says about itself changes while it runs, and the next one keeps its distance. */
export const ownStarts = `
alter table planned_changes add column own_start boolean not null default false;
`;
