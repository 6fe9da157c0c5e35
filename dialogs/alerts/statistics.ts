import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { type StatisticsView, statisticsCard } from '../../cards/alerts/statistics.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { counted } from '../../cards/parts/text.ts';
import { lasting } from '../../cards/parts/time.ts';
import { oneOf, period } from '../arguments.ts';
import { capability } from '../capability.ts';

const USUAL_DAYS = 30;

export const statistics = capability({
  id: 'alerts.statistics',
  summary: 'Count the incidents of a time: how many, how quickly acknowledged and over, noise by rule, pages at night',
  phrases: [
    'incident statistics',
    'incident statistics by {picture}',
    'incident statistics {period}',
    'incident statistics {period} by {picture}',
  ],
  examples: ['incident statistics last month', 'incident statistics this week by rules'],
  input: z.object({
    period: period.optional(),
    picture: oneOf(['days', 'rules', 'nights', 'severities']).default('days'),
  }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { period: said, picture }) => {
    const [begin, end] = said?.split('/') ?? [];
    const from = begin ? Temporal.Instant.from(begin) : now.subtract({ hours: 24 * USUAL_DAYS });
    const ends = end ? Temporal.Instant.from(end) : now;
    const to = Temporal.Instant.compare(ends, now) > 0 ? now : ends;
    const found = await rooms.alerts.statistics(rooms.db, { from, to });
    const { totals } = found;
    const seconds = (value: number | null) => value ?? undefined;
    const given = {
      mtta: seconds(totals.mtta),
      medianAck: seconds(totals.medianAck),
      mttr: seconds(totals.mttr),
      medianResolve: seconds(totals.medianResolve),
    };
    const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const view: StatisticsView = {
      now,
      from,
      to,
      picture,
      count: totals.count,
      open: totals.open,
      acknowledged: totals.acknowledged,
      unattended: totals.unattended,
      ...known,
      severities: found.severities,
      days: found.days,
      rules: found.rules,
      people: found.pages.map(({ person, pages, night }) => ({ name: rooms.people.nameOf(person), pages, night })),
    };
    const card = statisticsCard(view);
    const time = (value: number | undefined) => (value === undefined ? 'unknown' : lasting(value * 1000));
    return {
      text: [
        summaryOf(card),
        `to acknowledge ${time(view.mtta)} on average, to resolve ${time(view.mttr)}`,
        ...view.rules.map(
          ({ rule, incidents, unattended }) => `${rule}: ${counted(incidents, 'incident')}, ${unattended} ended alone`,
        ),
        ...view.people.map(({ name, pages, night }) => `${name}: ${counted(pages, 'page')}, ${night} at night`),
      ].join('\n'),
      card,
      data: { ...found, from: from.toString(), to: to.toString() },
    };
  },
});
