/**
 * Somebody leans on the keyboard, a bot talks to this one, a chat pastes a log: what nobody understands is answered a few
 * times and then not any more, until the same person says something that is understood. Counted by this process and not
 * in the database, because the count is no record of anything and every message would pay for it.
 */
const MOST_REPLIES = 5;
const MOST_REMEMBERED = 1_000;

export function flood() {
  const counts = new Map<string, number>();
  return {
    /** What becomes of an answer: said as it is, said as the last one, or not said. */
    after(who: string, understood: boolean): 'say' | 'last' | 'quiet' {
      if (understood) {
        counts.delete(who);
        return 'say';
      }
      const count = (counts.get(who) ?? 0) + 1;
      counts.delete(who);
      counts.set(who, count);
      const [oldest] = counts.keys();
      if (counts.size > MOST_REMEMBERED && oldest !== undefined) counts.delete(oldest);
      return count < MOST_REPLIES ? 'say' : count === MOST_REPLIES ? 'last' : 'quiet';
    },
  };
}

export const LAST_WORDS =
  'I say nothing more to this until you ask something that I understand; “help” shows what that is.';
