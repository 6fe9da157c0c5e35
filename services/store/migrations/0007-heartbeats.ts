/** When each heartbeat was heard last, whether a timer waits for it, and since when it is missing. */
export const heartbeats = `
create table heartbeats (
  id text primary key, first_at timestamptz not null, last_at timestamptz not null, beats bigint not null,
  timer boolean not null, missing_since timestamptz
);
`;
