/** A reminder is one more message of its request's card, so how many there were need not be counted. */
export const reminders = `
update outbox set card = regexp_replace(card, ':reminder:.*$', '') where card like 'request:%:reminder:%';
alter table requests drop column reminded;
`;
