import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { bars } from '../parts/charts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { caption, headline, soWhat } from '../parts/words.ts';

export interface KpiMapView {
  now: Temporal.Instant;
  kpis: readonly {
    id: string;
    name: string;
    department?: string;
    carriers: readonly { useCase: string; title: string; change: string }[];
  }[];
  /** Use cases that carry no KPI. */
  idle: readonly { id: string; title: string }[];
}

/** Which strategic KPI is carried by what, which by nothing, and what carries none. */
export function kpiMapCard({ now, kpis, idle }: KpiMapView): Card {
  const bare = kpis.filter(({ carriers }) => carriers.length === 0);
  const words =
    kpis.length === 0
      ? 'No KPI is named'
      : bare.length === 0
        ? `Every one of ${counted(kpis.length, 'KPI')} is carried by a use case`
        : `${counted(bare.length, 'KPI')} of ${kpis.length} ${bare.length === 1 ? 'is' : 'are'} carried by nothing`;
  return card({
    summary: words,
    state: state({ tone: bare.length > 0 ? 'warning' : 'good', word: 'KPI map', icon: 'TargetArrow' }),
    headline: headline(`${words}.`),
    soWhat:
      kpis.length === 0
        ? soWhat('Name them under `kpis` in wardroom.yaml.')
        : idle.length > 0
          ? soWhat(`${counted(idle.length, 'use case serves', 'use cases serve')} no KPI.`)
          : undefined,
    picture: bars({
      caption: 'Use cases that carry each KPI',
      xTitle: 'Use cases',
      yTitle: 'KPI',
      shown: 8,
      bars: kpis.map(({ name, carriers }) => ({
        label: name,
        value: carriers.length,
        ...(carriers.length === 0 ? { tone: 'warning' as const, word: 'none' } : {}),
      })),
    }),
    details: [
      list(
        kpis.map(({ name, department, carriers }) => ({
          text: `**${plain(name, 80)}**${department ? ` · ${plain(department, 60)}` : ''}`,
          detail:
            carriers
              .map(({ useCase, title, change }) => `${useCase} ${plain(title, 60)}: ${plain(change, 60)}`)
              .join(' · ') || 'carried by nothing',
        })),
        { shown: 10, spacing: 'Medium' },
      ),
      idle.length > 0 && caption('Serve no KPI'),
      list(
        idle.map(({ id, title }) => ({
          text: `**${id}** · ${plain(title, 120)}`,
          select: act({ title: `Show ${id}`, verb: 'intake.show', ids: { useCase: id } }),
        })),
      ),
    ],
    foot: foot(now, 'wardroom.yaml and the use cases'),
    wide: true,
  });
}
