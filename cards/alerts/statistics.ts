import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { bars, trend } from '../parts/charts.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { number, percent, UNKNOWN } from '../parts/numbers.ts';
import { state } from '../parts/state.ts';
import { table } from '../parts/table.ts';
import { counted, plain } from '../parts/text.ts';
import { day, lasting } from '../parts/time.ts';
import { caption, headline, soWhat } from '../parts/words.ts';

export interface StatisticsView {
  now: Temporal.Instant;
  from: Temporal.Instant;
  to: Temporal.Instant;
  /** What the picture shows. */
  picture: 'days' | 'rules' | 'nights' | 'severities';
  count: number;
  open: number;
  acknowledged: number;
  unattended: number;
  /** Seconds. */
  mtta?: number;
  medianAck?: number;
  mttr?: number;
  medianResolve?: number;
  severities: readonly { severity: number; count: number }[];
  days: readonly { day: string; count: number }[];
  rules: readonly { rule: string; incidents: number; alerts: number; unattended: number }[];
  people: readonly { name: string; pages: number; night: number }[];
}

const SHOWN = 8;
/** A rule most of whose incidents ended before anybody moved is worth a look. */
const NOISY = 0.5;
const time = (seconds: number | undefined) => (seconds === undefined ? UNKNOWN : lasting(seconds * 1000));

/** How quick people were, as far as they were. */
function quick({ medianAck, medianResolve }: StatisticsView): string {
  if (medianAck === undefined && medianResolve === undefined) return 'none acknowledged or over yet';
  return `${medianAck === undefined ? 'none acknowledged' : `acknowledged in ${time(medianAck)}`} and ${medianResolve === undefined ? 'none over yet' : `over in ${time(medianResolve)}`}`;
}

/** Incidents of a period in numbers: how many, how quick, what is noise, and who was woken. */
export function statisticsCard(view: StatisticsView): Card {
  const { count, now, from, to, acknowledged, unattended, open } = view;
  const words = count === 0 ? 'No incident in this time' : `${counted(count, 'incident')}, ${quick(view)}`;
  const nights = view.people.reduce((sum, { night }) => sum + night, 0);
  return card({
    summary: words,
    state: state(
      nights > 0
        ? { tone: 'warning', word: `${counted(nights, 'page')} at night`, icon: 'WeatherMoon' }
        : {
            tone: count > 0 ? 'info' : 'good',
            word: count > 0 ? counted(count, 'incident') : 'all quiet',
            icon: 'DataBarVertical',
          },
    ),
    headline: headline(words),
    soWhat: soWhat(
      count === 0
        ? 'Nothing was opened, so there is nothing to reckon.'
        : `${percent(unattended / count)} were over before anybody did anything; the times above are medians.`,
    ),
    picture: pictureOf(view),
    facts: facts([
      ['Time', `${day(from)} to ${day(to)}`],
      [
        'To acknowledge',
        count > 0 ? `${time(view.mtta)} on average, of ${number(acknowledged)} acknowledged` : undefined,
      ],
      ['To resolve', count > 0 ? `${time(view.mttr)} on average` : undefined],
      ['Still open', open > 0 ? number(open) : undefined],
      [
        'By severity',
        view.severities.map(({ severity, count: many }) => `SEV ${severity}: ${number(many)}`).join(', ') || undefined,
      ],
    ]),
    details: [
      view.rules.length > 0 && caption('Noise by rule'),
      table(
        [
          { title: 'Rule', width: 4 },
          { title: 'Incidents', width: 2, number: true },
          { title: 'Ended alone', width: 2, number: true },
        ],
        view.rules.map(({ rule, incidents, unattended: alone }) => [
          `${alone / Math.max(1, incidents) > NOISY ? '▲ ' : ''}${plain(rule, 80)}`,
          number(incidents),
          percent(alone / Math.max(1, incidents)),
        ]),
        { shown: SHOWN },
      ),
      view.people.length > 0 && caption('Pages by person'),
      table(
        [
          { title: 'Person', width: 4 },
          { title: 'Pages', width: 2, number: true },
          { title: 'At night', width: 2, number: true },
        ],
        view.people.map(({ name, pages, night }) => [plain(name, 80), number(pages), number(night)]),
        { shown: SHOWN },
      ),
    ],
    actions: buttons(view),
    foot: foot(now, 'Wardroom; night is 22:00 to 07:00 on each person’s own clock'),
    wide: true,
  });
}

function pictureOf({ picture, days, rules, people, severities }: StatisticsView) {
  const whole = (value: number) => number(value);
  if (picture === 'rules')
    return bars({
      caption: 'Incidents by rule',
      xTitle: 'Incidents',
      yTitle: 'Rule',
      write: whole,
      shown: SHOWN,
      bars: rules.map(({ rule, incidents, unattended }) => ({
        label: rule,
        value: incidents,
        ...(unattended / Math.max(1, incidents) > NOISY
          ? { tone: 'warning' as const, word: 'mostly ended alone' }
          : {}),
      })),
    });
  if (picture === 'nights')
    return bars({
      caption: 'Pages at night by person',
      xTitle: 'Pages',
      yTitle: 'Person',
      write: whole,
      shown: SHOWN,
      bars: people.map(({ name, night }) => ({ label: name, value: night })),
    });
  if (picture === 'severities')
    return bars({
      caption: 'Incidents by severity',
      xTitle: 'Incidents',
      yTitle: 'Severity',
      write: whole,
      bars: severities.map(({ severity, count }) => ({ label: `SEV ${severity}`, value: count })),
    });
  return trend({
    caption: 'Incidents by day',
    xTitle: 'Day',
    yTitle: 'Incidents',
    series: [{ label: 'incidents', points: days.map(({ day: date, count }) => ({ x: date, y: count })) }],
  });
}

function buttons({ picture, from, to, count }: StatisticsView) {
  if (count === 0) return undefined;
  const period = `${from}/${to}`;
  const see = (title: string, as: StatisticsView['picture']) =>
    picture !== as && act({ title, verb: 'alerts.statistics', ids: { period, picture: as } });
  return actions(
    [see('Noise by rule', 'rules'), see('Nights by person', 'nights')],
    [see('By day', 'days'), see('By severity', 'severities')],
  );
}
