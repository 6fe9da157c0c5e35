import { Temporal } from 'temporal-polyfill';
import type { DimensionReading } from '../../services/intake/readiness.rules.ts';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { number } from '../parts/numbers.ts';
import { named } from '../parts/person.ts';
import { image } from '../parts/picture.ts';
import { state } from '../parts/state.ts';
import { table } from '../parts/table.ts';
import { counted, plain } from '../parts/text.ts';
import { day } from '../parts/time.ts';
import { caption, headline, soWhat } from '../parts/words.ts';
import { MARKS } from '../pictures/marks.ts';
import type { PictureAddresses } from '../pictures/picture.ts';

/** A dimension with the names of whoever owns its gaps. */
type OwnedReading = Omit<DimensionReading, 'gaps'> & {
  gaps: readonly (DimensionReading['gaps'][number] & { owner?: string })[];
};

export interface ReadinessView {
  now: Temporal.Instant;
  /** Why somebody is shown it: "Gita gave you the gap …". */
  note?: string;
  /** The department that was asked for; all of them otherwise. */
  only?: string;
  /** Where the picture of those that are drawn is found, with what its lines stand for, in the order of the marks. */
  picture?: { addresses: PictureAddresses; series: readonly string[] };
  departments: readonly {
    name: string;
    by: string;
    at: string;
    readings: readonly OwnedReading[];
    /** Change of the mean level since the assessment before, undefined for the first. */
    trend?: number;
  }[];
}

const DIMENSION_TITLES = ['Data infrastructure', 'Skills', 'Governance'] as const;

const mean = (readings: readonly OwnedReading[]) =>
  readings.reduce((sum, { level }) => sum + level, 0) / readings.length;

/** How ready each department is, on five levels, with the gaps named. */
export function readinessCard({ now, departments, only, picture, note }: ReadinessView): Card {
  const [weakest] = [...departments].sort((a, b) => mean(a.readings) - mean(b.readings));
  const words = !weakest
    ? `${only ?? 'No department'} was ${only ? 'not ' : ''}assessed yet`
    : only
      ? `${only} is at level ${number(mean(weakest.readings), { digits: 1 })} of 5`
      : `${weakest.name} is the least ready, at level ${number(mean(weakest.readings), { digits: 1 })} of 5`;
  return card({
    summary: words,
    state: state({ tone: 'info', word: 'readiness', icon: 'Gauge' }),
    headline: headline(`${plain(words)}.`),
    soWhat: note
      ? soWhat(plain(note, 300))
      : weakest
        ? undefined
        : soWhat(`Say “assess readiness of ${plain(only ?? 'Retail', 60)}” to begin.`),
    picture:
      picture && weakest
        ? image(
            `Maturity from 1 initial (middle) to 5 optimising · ${picture.series.map((name, index) => `${MARKS[index] ?? ''} ${name}`).join('  ')}`,
            departments
              .map(
                ({ name, readings }) =>
                  `${name}: ${readings.flatMap(({ statements }) => statements.map(({ id, level }) => `${id} ${level}`)).join(', ')}`,
              )
              .join('; '),
            picture.addresses,
          )
        : undefined,
    details: [
      table(
        [{ title: 'Department', width: 2 }, ...DIMENSION_TITLES.map((title) => ({ title, width: 2 }))],
        departments.map(({ name, readings }) => [
          plain(name, 60),
          ...readings.map(({ level, word }) => `${number(level, { digits: 1 })} ${word}`),
        ]),
      ),
      ...departments.flatMap(({ name, by, at, readings, trend }) => {
        const gaps = readings.flatMap(({ dimension, gaps: found }) =>
          found.map(({ id, label, level, owner }) => ({
            text: plain(label),
            detail: [
              `${dimension}, level ${level}`,
              owner ? `${named(owner)} owns it` : `nobody owns it: “give gap ${id} of ${plain(name, 60)} to NAME”`,
            ].join(' · '),
          })),
        );
        const moved =
          trend === undefined
            ? ''
            : trend === 0
              ? ', unchanged'
              : `, ${trend > 0 ? '+' : '−'}${number(Math.abs(trend), { digits: 1 })} since the time before`;
        return [
          caption(
            `${plain(name, 60)}: ${counted(gaps.length, 'gap')}${moved} · ${named(by)}, ${day(Temporal.Instant.from(at))}`,
          ),
          list(gaps, { shown: 3 }),
        ];
      }),
    ],
    actions: weakest
      ? actions([act({ title: 'Assess again', verb: 'intake.assess', ids: { department: weakest.name } })])
      : undefined,
    foot: foot(now, 'assessments by the departments'),
    wide: true,
  });
}
