import { z } from 'zod/v4';
import { doneCard } from '../../cards/cost/done.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { teamOf } from './digest-view.ts';
import { sourceOf } from './view.ts';

export const unsubscribe = capability({
  id: 'cost.unsubscribe',
  summary: 'Stop the weekly digest of a team’s costs',
  phrases: ['stop cost digest [{team}]'],
  examples: ['stop cost digest', 'stop cost digest fraud'],
  input: z.object({ team: freeText(80).optional() }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { team: words }) => {
    const { rooms } = turn;
    const team = teamOf(rooms, words, turn.actor);
    await rooms.cost.digest.set(turn.tx, team.id, turn.actor.id, false);
    const text = `${team.name} hears no weekly digest of its costs any more`;
    const card = doneCard({
      source: sourceOf(rooms, turn.now, await rooms.cost.standing(undefined, 'actual', turn.tx), {}),
      word: 'weekly digest',
      text,
      next: { title: 'Hear it again', verb: 'cost.subscribe', ids: { team: team.id } },
    });
    return { text: `${text}.`, card, objects: [`team:${team.id}`] };
  },
});
