/** A vote of a secret ballot is sealed in the record with a nonce, which is told at the close. */
export const secretVotes = `
alter table votes add column nonce text;
`;
