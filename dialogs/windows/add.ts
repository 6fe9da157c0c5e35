import { z } from 'zod/v4';
import { entryCard, entryWords } from '../../cards/windows/entry.ts';
import { moment, readPattern, scopeOf } from '../../services/windows/index.ts';
import { freeText, oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { entryView } from './view.ts';

const KINDS = { window: 'allow', freeze: 'deny', maintenance: 'maintenance', advisory: 'advisory' } as const;

export const add = capability({
  id: 'windows.add',
  summary: 'Add a window, freeze, maintenance or advisory that comes again and again',
  phrases: [
    'add {kind} for {scope} every {pattern} [because {reason}]',
    'add {kind} for {scope} by {pattern} [because {reason}]',
  ],
  examples: [
    'add freeze for payments every Friday 16:00 to Monday 08:00 because nobody is here at weekends',
    'add maintenance for ep-churn every 2nd Tuesday 22:00 to 02:00 Europe/Amsterdam because of patch day',
  ],
  input: z.object({
    kind: oneOf(['window', 'freeze', 'maintenance', 'advisory']),
    scope: freeText(120),
    pattern: freeText(300),
    reason: freeText(300).optional(),
  }),
  roles: ['approver', 'admin'],
  effect: 'write',
  run: async ({ rooms, tx, actor, now }, { kind: word, scope: words, pattern, reason }) => {
    const kind = KINDS[word];
    const said = /^(every |(rrule:)?freq=)/i.test(pattern) ? pattern : `every ${pattern}`;
    const when = readPattern(said, actor.zone, now.epochMilliseconds);
    const scope = scopeOf(rooms.organisation, words);
    const override =
      kind === 'deny' || kind === 'allow' ? { exempt: ['security', 'emergency', 'rollback'] as const } : undefined;
    const [id = ''] = await rooms.windows.add(tx, [
      {
        spec: { name: (reason ?? said).slice(0, 120), kind, ...when, scope, ...(override ? { override } : {}) },
        ...(reason ? { reason } : {}),
        by: actor.id,
        source: 'chat',
      },
    ]);
    const view = await entryView({ ...rooms, db: tx }, now, id);
    return {
      text: [
        `${id}: ${entryWords(view)}. Next: ${view.from ? moment(view.from, view.zone) : 'never'}.`,
        ...view.notes,
      ].join(' '),
      card: entryCard(view),
      data: { id, ...when, endpoints: view.endpoints, next: view.from?.toString() },
      objects: [id],
      ...(reason ? { why: reason } : {}),
    };
  },
});
