/** How far a change has moved the traffic of its endpoints, and what was measured at each step. */
export const changeSteps = `
alter table planned_changes add column steps jsonb;
`;
