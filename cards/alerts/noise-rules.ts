import type { Temporal } from 'temporal-polyfill';
import type { NoiseRule } from '../../services/alerts/index.ts';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { fromNow } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface NoiseRulesView {
  now: Temporal.Instant;
  /** Those in force first; people by their names. */
  rules: readonly NoiseRule[];
  /** Of wardroom.yaml. */
  routes: readonly { id: string; words: string }[];
  /** The one that was just made or taken back. */
  said?: string;
}

/** Rules about noise: those of the file, and those made in chat. */
export function noiseRulesCard({ now, rules, routes, said }: NoiseRulesView): Card {
  const live = rules.filter(({ endedBy }) => endedBy === undefined);
  const words =
    live.length === 0 ? 'No noise rule was made in chat' : `${counted(live.length, 'noise rule')} made in chat`;
  const [only] = rules.length === 1 && live.length === 1 ? live : [];
  return card({
    summary: said ?? words,
    state: state({
      tone: live.length > 0 ? 'warning' : 'info',
      word: live.length > 0 ? 'beyond wardroom.yaml' : 'as in wardroom.yaml',
      icon: 'Filter',
    }),
    headline: headline(plain(said ?? words)),
    soWhat: soWhat(
      live.length > 0
        ? 'They come on top of the routes in wardroom.yaml.'
        : 'Try one: try rule kind=latency fires for 10 min',
    ),
    details: [
      list(
        rules.map((rule) => ({
          text: `${rule.endedBy ? '✔' : '◐'} **${rule.id}** · ${plain(rule.text, 200)}${rule.holds > 0 ? ` · holds back ${rule.holds}` : ''}`,
          detail: rule.endedBy
            ? `taken back ${rule.endedAt ? fromNow(now, rule.endedAt) : ''} by ${named(rule.endedBy)}`
            : `${named(rule.by)} ${fromNow(now, rule.at)}: ${plain(rule.reason, 120)}`,
        })),
        { shown: 10, spacing: 'Medium' },
      ),
      list(
        routes.map(({ id, words: how }) => ({ text: `route **${plain(id, 63)}**`, detail: plain(how, 200) })),
        { shown: 10, spacing: 'Medium' },
      ),
    ],
    actions: only
      ? actions([act({ title: `Take ${only.id} back`, verb: 'alerts.end-rule', ids: { rule: only.id } })])
      : undefined,
    foot: foot(now, 'wardroom.yaml and rules made in chat'),
  });
}
