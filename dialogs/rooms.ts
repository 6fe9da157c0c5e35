/** What a dialog can reach: one service per domain, through the domain's index.ts. Filled by bot/app.ts. */
export type Rooms = Record<string, never>;
