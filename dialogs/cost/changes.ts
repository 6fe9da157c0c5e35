import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { type ChangesView, changesCard } from '../../cards/cost/changes.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { causeOf, causeWords, toldOf } from '../../services/cost/index.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { nameOf, sourceOf } from './view.ts';

const NEWS = 0.05;

export const changes = capability({
  id: 'cost.changes',
  summary: 'What changed in cost against the period before, and who did what',
  phrases: [
    'cost changes [{of}]',
    'what changed in cost [{of}]',
    'explain cost [{of}]',
    ...['cost', 'costs', 'spend', 'spending', 'the bill', 'our bill', 'our costs', 'the costs'].flatMap((word) =>
      ['change', 'go up', 'go down', 'rise', 'increase', 'jump'].map((how) => `why did ${word} ${how} [{of}]`),
    ),
    'why did {of} cost go up [{when}]',
    'why did {of} costs go up [{when}]',
    'why did the cost of {of} go up [{when}]',
    ...['cost', 'the bill', 'our bill'].flatMap((word) =>
      ['up', 'higher', 'so high'].map((how) => `why is ${word} ${how} [{of}]`),
    ),
    ...['up', 'higher', 'so high'].map((how) => `why are our costs ${how} [{of}]`),
    'what changed in our costs [{of}]',
    'what changed in the bill [{of}]',
    'why are costs up [{of}]',
    'why is {of} so expensive [{when}]',
    'why is {of} more expensive [{when}]',
    'why do we spend more [{of}]',
    'who caused cost [{of}]',
  ],
  examples: ['cost changes', 'what changed in cost fraud last 7 days'],
  input: z.object({ of: freeText(160).optional(), when: freeText(60).optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, actor, now }, { of, when }) => {
    const { subject, period } = await rooms.cost.understand([of, when].filter(Boolean).join(' '), actor);
    const found = await rooms.cost.breakdown(
      { ...(subject ? { subject } : {}), period, by: 'resource', basis: 'actual' },
      actor,
    );
    const [total] = found.totals;
    const causes = await rooms.cost.causes(found.previous.from, actor);
    const lines = found.lines
      .filter(({ currency, before }) => currency === total?.currency && before !== undefined)
      .map((line) => ({ ...line, delta: line.amount.minus(line.before ?? 0).toNumber() }))
      .filter(({ delta }) => Math.abs(delta) >= Math.max(1, Math.abs(total?.amount.toNumber() ?? 0) * NEWS * 0.2))
      .sort((a, b) => Math.abs(b.delta) - Math.abs(a.delta));
    const driverOf = (line: { name: string; before: { toNumber(): number } | undefined }) => ({
      name: line.name,
      before: line.before?.toNumber() ?? 0,
    });
    const span = `${period.from} to ${period.to}`;
    const view: ChangesView = {
      source: sourceOf(rooms, now, found, { scope: nameOf(rooms, subject), currency: total?.currency }),
      of: nameOf(rooms, subject),
      period: period.words,
      previous: found.previous.words,
      currency: total?.currency ?? rooms.organisation.cost.currency,
      delta: total?.before === undefined ? 0 : total.amount.minus(total.before).toNumber(),
      drivers: lines.slice(0, 12).map((line) => {
        const cause = causeOf(driverOf(line), causes.found);
        return {
          name: line.name,
          before: line.before?.toNumber() ?? 0,
          after: line.amount.toNumber(),
          delta: line.delta,
          ...(cause ? { because: `${causeWords(cause)}, ${cause.at.toString().slice(0, 10)}` } : {}),
          drill: { of: `${line.name} ${span}` },
        };
      }),
      causes: toldOf(lines.slice(0, 12).map(driverOf), causes.found, 5).map(({ at, what, by }) => ({
        at: Temporal.Instant.from(at.toString()),
        what,
        ...(by ? { by } : {}),
      })),
      unknown: causes.unknown,
    };
    const card = changesCard(view);
    const told = view.drivers.map(
      (each) =>
        `  ${each.delta >= 0 ? '+' : '-'}${Math.abs(each.delta).toFixed(2)} ${each.name}${each.because ? `: ${each.because}` : ''}`,
    );
    return {
      text: [`${summaryOf(card)}.`, ...told, ...found.warnings].join('\n'),
      card,
      data: { drivers: view.drivers, causes: view.causes.map((each) => ({ ...each, at: each.at.toString() })) },
    };
  },
});
