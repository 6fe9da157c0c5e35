/** The watch over the pager: its queue, and how late a step may be told before it counts as forgotten. */
export const WATCH = 'alerts-watch';
export const GRACE_MINUTES = 2;
