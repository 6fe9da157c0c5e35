/** A group that fires again asks for the beat of the one before it, by its key. */
export const groupBeat = `
create index incidents_group_over on incidents (group_key, resolved_at desc) where state = 'resolved' and group_key is not null;
`;
