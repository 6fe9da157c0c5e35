import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { endpointOf } from '../../services/models/index.ts';
import { endpointRef, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { checkAnswer } from './check-view.ts';
import { conversationOf } from './order-view.ts';

export const labels = capability({
  id: 'alerts.labels',
  summary: 'Show which requests have their true label by now, how late labels come, and how well the model does',
  phrases: ['labels of {endpoint}', 'labels of {endpoint} over {days} days'],
  examples: ['labels of ep-fraud', 'labels of ep-fraud over 14 days'],
  input: z.object({ endpoint: endpointRef, days: wholeNumber(1, 31).default(10) }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { endpoint, days }) => {
    endpointOf(turn.rooms.organisation, endpoint);
    const source = turn.rooms.organisation.labels.find((each) => each.endpoint === endpoint);
    if (!source)
      throw new Refused(
        `Where the labels of ${endpoint} come from is not in wardroom.yaml.`,
        'An administrator can add it under labels: the data asset and its columns.',
        'no-labels',
      );
    const by = { id: turn.actor.id, conversation: conversationOf(turn) };
    const asked = { source: source.id, days };
    return checkAnswer(turn, await turn.rooms.models.checks.open(turn.tx, { kind: 'labels', asked }, endpoint, by));
  },
});
