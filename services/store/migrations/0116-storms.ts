/** What a signal that joins an incident of thousands asks of it is found by index: the latest, and one that is like it. */
export const storms = `
drop index episodes_incident;
create index episodes_incident on episodes (incident, started_at);
create index episodes_alike on episodes (incident, (signal ->> 'kind'), (signal ->> 'severity'));
`;
