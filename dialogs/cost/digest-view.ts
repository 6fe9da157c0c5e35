import type { Temporal } from 'temporal-polyfill';
import type { DigestView } from '../../cards/cost/digest.ts';
import { doneCard } from '../../cards/cost/done.ts';
import { Refused } from '../../services/core/errors.ts';
import { whomToAsk } from '../../services/cost/index.ts';
import type { Actor, Answer, Turn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { sourceOf } from './view.ts';

/** The team that was named, or the first one of the person who asks. */
export function teamOf(rooms: Rooms, words: string | undefined, actor: Actor) {
  const { teams } = rooms.organisation;
  const said = words?.trim().toLowerCase();
  const found = said
    ? teams.find(({ id, name }) => id === said || name.toLowerCase() === said)
    : teams.find(({ members }) => members.includes(actor.id));
  if (!found)
    throw new Refused(
      said ? `There is no team “${words}”.` : 'You are in no team.',
      `Name one of ${teams.map(({ id }) => id).join(', ')}.`,
    );
  const sight = rooms.cost.sight(actor);
  if (!sight.all && !sight.teams.has(found.id))
    throw new Refused(`You may not see what ${found.name} costs.`, whomToAsk(rooms.organisation), 'cost-not-visible');
  return found;
}

export async function digestView(rooms: Rooms, team: string, now: Temporal.Instant): Promise<DigestView> {
  const found = await rooms.cost.digest.of(team);
  return {
    source: sourceOf(rooms, now, await rooms.cost.standing(), { currency: found.currency, scope: team }),
    team,
    teamName: rooms.organisation.teams.find(({ id }) => id === team)?.name ?? team,
    week: found.period.from.toString(),
    currency: found.currency,
    total: found.total.toFixed(2),
    before: found.before.toFixed(2),
    changes: found.changes.map(({ name, part, before, after }) => ({
      name,
      part,
      before: before.toFixed(2),
      after: after.toFixed(2),
    })),
    anomalies: found.anomalies,
    budgets: found.budgets,
  };
}

/** Whether a team hears the weekly digest; the answer offers the way back. */
export async function setDigest(
  turn: Turn,
  words: string | undefined,
  hears: boolean,
  next: { title: string; verb: `${string}.${string}` },
): Promise<Answer> {
  const { rooms, tx, now, actor } = turn;
  const team = teamOf(rooms, words, actor);
  await rooms.cost.digest.set(tx, team.id, actor.id, hears);
  const text = hears
    ? `${team.name} hears a digest of its costs every Monday`
    : `${team.name} hears no weekly digest of its costs any more`;
  const card = doneCard({
    source: sourceOf(rooms, now, await rooms.cost.standing(undefined, 'actual', tx), {}),
    word: 'weekly digest',
    text,
    next: { ...next, ids: { team: team.id } },
  });
  return { text: `${text}.`, card, objects: [`team:${team.id}`] };
}
