/** A message that may stand twice in its conversation: how often it was posted although that was not known. */
export const delivery = `
alter table outbox add column repeats int not null default 0;
create index outbox_repeats on outbox (conversation) where repeats > 0;
`;
