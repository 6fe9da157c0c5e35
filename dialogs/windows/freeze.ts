import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { counted } from '../../cards/parts/text.ts';
import { entryCard, entryWords } from '../../cards/windows/entry.ts';
import { Refused } from '../../services/core/errors.ts';
import { entryCardOf, localTextOf, moment, scopeOf, scopeWords, stretch } from '../../services/windows/index.ts';
import { ahead, freeText, instant, oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { asSpan, entryView } from './view.ts';

export const freeze = capability({
  id: 'windows.freeze',
  summary: 'Freeze a team, workspace, endpoint or everything: no change runs until it ends',
  phrases: [
    'freeze now for {scope} until {until} [because {reason}]',
    'freeze {scope} until {until} [because {reason}]',
    'freeze {scope} from {from} until {until} [because {reason}]',
    'freeze {scope} from {from} to {until} [because {reason}]',
    'freeze {scope} over {span} [because {reason}]',
    'freeze {scope} for {span} [because {reason}]',
    'freeze {scope} on {span} [because {reason}]',
    'freeze {scope} during {span} [because {reason}]',
    'freeze {scope} this {span} [because {reason}]',
    'add freeze for {scope} on {span} [because {reason}]',
    'freeze {scope} because {reason}',
    'freeze {scope}',
  ],
  examples: [
    'freeze now for payments until Monday 08:00 because the payment provider migrates',
    'freeze retail from tomorrow 18:00 until Monday 08:00 because of the sale',
    'freeze everything over Christmas because nobody is here',
  ],
  input: z.object({
    scope: freeText(120),
    until: instant.optional(),
    span: ahead.optional(),
    reason: freeText(300),
    from: instant.optional(),
    /** Security fixes, emergencies and rollbacks pass unless everything is to be held up. */
    strict: oneOf(['yes']).optional(),
  }),
  roles: ['responder', 'approver', 'admin'],
  effect: 'write',
  run: async ({ rooms, tx, actor, now, place }, { scope: words, until, span, reason, from, strict }) => {
    const zone = actor.zone;
    const asked = span ? asSpan(span) : undefined;
    const end = asked?.to ?? (until ? Temporal.Instant.from(until) : undefined);
    if (!end)
      throw new Refused(
        'It is not said until when.',
        `Say “freeze ${/^(until|for|from|over)$/i.test(words.split(' ')[0] ?? '') ? 'everything' : (words.split(' ')[0] ?? words)} until Monday 08:00 because …”, “… for 2 hours because …” or “… over the weekend because …”.`,
        'no-end',
      );
    const start = asked?.from ?? (from ? Temporal.Instant.from(from) : now);
    if (Temporal.Instant.compare(end, start) <= 0)
      throw new Refused(
        'A freeze has to end after it begins.',
        `That is ${moment(start, zone)} to ${moment(end, zone)}. Write the end with its date, such as “until 2026-12-01 08:00”.`,
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
      text: `${id}: ${entryWords(view)}, ${stretch(start, end, zone)}. ${counted(view.endpoints.length, 'endpoint')}, ${counted(view.holdsUp.length, 'planned change')} held up.`,
      card: entryCard(view),
      data: { id, scope: scopeWords(scope), endpoints: view.endpoints, until: end.toString(), holdsUp: view.holdsUp },
      live: { card: entryCardOf(id), kind: 'windows.entry', ids: { entry: id } },
      objects: [id],
      why: reason,
    };
  },
});
