/** A/B tests between two deployments. */
export const experiments = `
create table experiments (
  id text primary key, endpoint text not null, workspace text not null, model text not null, owner text not null,
  plan jsonb not null, request text, stopped_by text, stopped_at timestamptz, result jsonb, created_at timestamptz not null
);
create index experiments_endpoint on experiments (endpoint, created_at);
`;
