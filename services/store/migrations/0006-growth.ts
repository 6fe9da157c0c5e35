/** What would otherwise be searched through to its end as it grows: given-up messages, changes of an incident or endpoint. */
export const growth = `
create index outbox_dead on outbox (id) where state = 'dead';
create index changes_incident on changes (incident) where incident is not null;
create index changes_endpoint on changes (endpoint, created_at);
`;
