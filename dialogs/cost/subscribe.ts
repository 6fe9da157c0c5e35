import { z } from 'zod/v4';
import { doneCard } from '../../cards/cost/done.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { teamOf } from './digest-view.ts';
import { sourceOf } from './view.ts';

export const subscribe = capability({
  id: 'cost.subscribe',
  summary: 'Hear the weekly digest of a team’s costs',
  phrases: ['start cost digest [{team}]'],
  examples: ['start cost digest', 'start cost digest fraud'],
  input: z.object({ team: freeText(80).optional() }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { team: words }) => {
    const { rooms } = turn;
    const team = teamOf(rooms, words, turn.actor);
    await rooms.cost.digest.set(turn.tx, team.id, turn.actor.id, true);
    const text = `${team.name} hears a digest of its costs every Monday`;
    const card = doneCard({
      source: sourceOf(rooms, turn.now, await rooms.cost.standing(undefined, 'actual', turn.tx), {}),
      word: 'weekly digest',
      text,
      next: { title: 'Stop it', verb: 'cost.unsubscribe', ids: { team: team.id } },
    });
    return { text: `${text}.`, card, objects: [`team:${team.id}`] };
  },
});
