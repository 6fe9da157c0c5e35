/** What a message is about, so that one trouble with many messages does not hold back another with one. */
export const fairness = `
alter table outbox add column subject text;
create index outbox_said on outbox (conversation, subject, sent_at) where subject is not null;
`;
