/** Which run of each period's export was read last: a restated month is read again, and none is read twice. */
export const costExports = `
create table cost_exports (
  scope text not null, period text not null, run text not null, made_at timestamptz not null, read_at timestamptz not null,
  rows bigint not null, parts integer not null, from_day integer not null, to_day integer not null,
  primary key (scope, period)
);
alter table cost_reads drop column seen;
`;
