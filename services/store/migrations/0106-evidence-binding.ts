/** What the digest of a finding covers, where that is less than all of it: without it nobody outside can check the digest. */
export const evidenceBinding = `
alter table evidence add column binding jsonb;
`;
