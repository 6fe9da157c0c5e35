import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { percent, percentage } from '../parts/numbers.ts';
import { state } from '../parts/state.ts';
import { table } from '../parts/table.ts';
import { joined, plain, sentence } from '../parts/text.ts';
import { fromNow } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface CollectionView {
  now: Temporal.Instant;
  endpoint: string;
  deployments: readonly {
    name: string;
    traffic: number;
    on: readonly { name: string; sampling: number }[];
    missing: readonly string[];
    lastFile?: Temporal.Instant;
  }[];
  consequences: readonly string[];
  asOf: Temporal.Instant;
  source: string;
}

/** Whether each deployment writes down what it is asked and what it answers. */
export function collectionCard(view: CollectionView): Card {
  const { endpoint, deployments, consequences, now } = view;
  const serving = deployments.filter(({ traffic }) => traffic > 0);
  const lacking = serving.filter(({ missing }) => missing.length > 0);
  const silent = serving.filter(({ on, lastFile }) => on.length > 0 && !lastFile);
  const missing = [...new Set(lacking.flatMap((each) => each.missing))];
  return card({
    summary: collectionHeadline(view),
    state: state(
      lacking.length > 0
        ? { tone: 'warning', word: `${joined(missing)} missing` }
        : silent.length > 0
          ? { tone: 'warning', word: 'nothing arrives' }
          : { tone: 'good', word: 'collecting' },
    ),
    headline: headline(plain(collectionHeadline(view))),
    soWhat: consequences.length > 0 ? soWhat(`${plain(sentence(consequences.join('; ')))}.`) : undefined,
    facts: facts([
      ['Nothing arrives from', silent.length > 0 ? plain(joined(silent.map(({ name }) => name))) : undefined],
    ]),
    details: [
      table(
        [
          { title: 'Deployment', width: 2 },
          { title: 'Traffic', number: true },
          { title: 'Collects', width: 3 },
          { title: 'Last file', width: 2 },
        ],
        deployments.map(({ name, traffic, on, lastFile }) => [
          plain(name, 40),
          percentage(traffic),
          on.length === 0
            ? 'nothing'
            : plain(
                on
                  .map((each) => `${each.name}${each.sampling < 1 ? ` (${percent(each.sampling)} of requests)` : ''}`)
                  .join(', '),
                120,
              ),
          lastFile ? fromNow(now, lastFile) : on.length > 0 ? 'none since yesterday' : 'none',
        ]),
      ),
    ],
    actions: actions([
      missing.length > 0 &&
        act({
          title: `Collect ${missing.length > 1 ? 'everything' : missing[0]}`,
          verb: 'alerts.collect',
          ids: { endpoint, what: missing.length > 1 ? 'everything' : (missing[0] ?? 'everything') },
          main: true,
          tooltip: 'Rolls the instances of the deployments that lack it; asks first',
        }),
      lacking.length === 0 && act({ title: 'Check drift now', verb: 'alerts.check-drift', ids: { endpoint } }),
    ]),
    foot: foot(view.asOf, view.source),
    wide: true,
  });
}

export function collectionHeadline({ endpoint, deployments }: CollectionView): string {
  const serving = deployments.filter(({ traffic }) => traffic > 0);
  const lacking = serving.filter(({ missing }) => missing.length > 0);
  if (deployments.length === 0) return `${endpoint} has no deployment.`;
  if (lacking.length === 0) return `Every deployment of ${endpoint} that serves collects its inputs and outputs.`;
  const [first] = lacking;
  return `${endpoint}/${first?.name} does not collect its ${joined(first?.missing ?? [])}${lacking.length > 1 ? `, and ${lacking.length - 1} more` : ''}.`;
}
