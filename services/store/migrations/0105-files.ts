/** Files to download are no matter of money alone. */
export const files = `
alter table cost_files rename to files;
`;
