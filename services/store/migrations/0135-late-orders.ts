/** An order whose answer never came may be taken by Azure until then. */
export const lateOrders = `
alter table changes add column doubt_until timestamptz;
`;
