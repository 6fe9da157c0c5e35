/** What is carried out for a request that was voted on. */
export const costRequests = `
alter table cost_plans add column request text;
create unique index cost_plans_by_request on cost_plans (request);
`;
