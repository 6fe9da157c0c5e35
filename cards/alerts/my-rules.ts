import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface MyRulesView {
  now: Temporal.Instant;
  /** In the order in which they come. */
  rules: readonly { number: number; words: string }[];
  quiet?: { from: string; to: string; zone: string; unless?: number | undefined };
  until: 'mine' | 'any';
}

const SHOWN = 20;

/** How the reader is called, by rules of their own. */
export function myRulesCard({ now, rules, quiet, until }: MyRulesView): Card {
  const words =
    rules.length === 0 ? 'You are called the usual way' : `You are called by ${counted(rules.length, 'rule')} of yours`;
  const whose = until === 'mine' ? 'you acknowledge' : 'anybody acknowledges';
  return card({
    summary: words,
    state: state(
      quiet
        ? { tone: 'quiet', word: 'quiet hours', icon: 'WeatherMoon' }
        : { tone: 'info', word: 'any hour', icon: 'Alert' },
    ),
    headline: headline(words),
    soWhat: soWhat(
      rules.length === 0
        ? 'The first step mentions you on the card in the channel, later ones page you one to one.'
        : `Counted from when an escalation comes to you; they end when ${whose} or it is resolved.`,
    ),
    facts: facts([
      ['Quiet', quiet && `${quiet.from} to ${quiet.to} (${plain(quiet.zone, 40)})`],
      [
        'Except',
        quiet && (quiet.unless === undefined ? 'nothing, also the worst waits' : `severity ${quiet.unless} or worse`),
      ],
    ]),
    details: [
      list(
        rules.map(({ number, words: rule }) => ({
          text: `**${number}** · ${plain(rule, 160)}`,
          detail: `“remove my rule ${number}” takes it back`,
        })),
        { shown: SHOWN },
      ),
    ],
    actions: actions([
      act({ title: 'Page me one to one at once', verb: 'alerts.notify-me', ids: { how: 'direct' } }),
      act({ title: 'Test page me', verb: 'alerts.test-page' }),
    ]),
    foot: foot(now, 'your own rules'),
  });
}
