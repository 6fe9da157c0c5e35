import type { Db } from '../services/store/store.ts';

/**
 * Somebody leans on the keyboard, a bot talks to this one, a chat pastes a log: what nobody understands is answered a few
 * times and then not any more, until the same person says something that is understood. Read from the record that every
 * turn leaves anyway, so it is one limit over all processes, survives a restart, and costs a message that is understood
 * nothing.
 */
const MOST_REPLIES = 5;
/** Entries looked back on: what a person said before so many others did something is forgotten. */
const LOOK_BACK = 20_000;

/** What becomes of the answer to what was just not understood: said as it is, said as the last one, or not said. */
export async function turnOf(db: Db, person: string): Promise<'say' | 'last' | 'quiet'> {
  const rows = await db
    .selectFrom('audit')
    .select(['action', 'outcome'])
    .where('actor', '=', person)
    .where('seq', '>', (e) => e.selectFrom('audit_head').select((h) => h('seq', '-', LOOK_BACK).as('from')))
    .orderBy('seq', 'desc')
    .limit(MOST_REPLIES + 1)
    .execute();
  const understood = rows.findIndex(({ action, outcome }) => action !== 'none' || outcome !== 'ok');
  const count = understood < 0 ? rows.length : understood;
  return count < MOST_REPLIES ? 'say' : count === MOST_REPLIES ? 'last' : 'quiet';
}

export const LAST_WORDS =
  'I say nothing more to this until you ask something that I understand; “help” shows what that is.';
