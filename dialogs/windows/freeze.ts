import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { counted } from '../../cards/parts/text.ts';
import { entryCard, entryWords } from '../../cards/windows/entry.ts';
import { Refused } from '../../services/core/errors.ts';
import { entryCardOf, localTextOf, scopeOf, scopeWords } from '../../services/windows/index.ts';
import { freeText, instant, oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { entryView } from './view.ts';

export const freeze = capability({
  id: 'windows.freeze',
  summary: 'Freeze a team, workspace, endpoint or everything: no change runs until it ends',
  phrases: [
    'freeze now for {scope} until {until} [because {reason}]',
    'freeze {scope} until {until} [because {reason}]',
    'freeze {scope} from {from} until {until} [because {reason}]',
  ],
  examples: [
    'freeze now for payments until Monday 08:00 because the payment provider migrates',
    'freeze retail from tomorrow 18:00 until Monday 08:00 because of the sale',
  ],
  input: z.object({
    scope: freeText(120),
    until: instant,
    reason: freeText(300),
    from: instant.optional(),
    /** Security fixes, emergencies and rollbacks pass unless everything is to be held up. */
    strict: oneOf(['yes']).optional(),
  }),
  roles: ['responder', 'approver', 'admin'],
  effect: 'write',
  run: async ({ rooms, tx, actor, now, place }, { scope: words, until, reason, from, strict }) => {
    const zone = actor.zone;
    const start = from ? Temporal.Instant.from(from) : now;
    const end = Temporal.Instant.from(until);
    if (Temporal.Instant.compare(end, start) <= 0)
      throw new Refused(
        'A freeze has to end after it begins.',
        'Write the end as “until tomorrow 08:00”.',
        'end-before-start',
      );
    if (Temporal.Instant.compare(end, now) <= 0)
      throw new Refused('That is over already.', 'Say a time that is still to come.', 'in-the-past');
    const scope = scopeOf(rooms.organisation, words);
    const [id = ''] = await rooms.windows.add(tx, [
      {
        spec: {
          name: reason.slice(0, 120),
          kind: 'deny',
          zone,
          start: localTextOf(start, zone),
          end: localTextOf(end, zone),
          scope,
          override: strict ? {} : { exempt: ['security', 'emergency', 'rollback'] },
        },
        reason,
        by: actor.id,
        source: 'chat',
      },
    ]);
    await rooms.windows.announce(tx, id, scope, place.kind === 'channel' ? place.conversation : undefined);
    const view = await entryView({ ...rooms, db: tx }, now, id);
    return {
      text: `${id}: ${entryWords(view)}. ${counted(view.endpoints.length, 'endpoint')}, ${counted(view.holdsUp.length, 'planned change')} held up.`,
      card: entryCard(view),
      data: { id, scope: scopeWords(scope), endpoints: view.endpoints, until: end.toString(), holdsUp: view.holdsUp },
      live: { card: entryCardOf(id), kind: 'windows.entry', ids: { entry: id } },
      objects: [id],
      why: reason,
    };
  },
});
