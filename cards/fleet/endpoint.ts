import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { split } from '../parts/charts.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { number, percent, UNKNOWN } from '../parts/numbers.ts';
import { state } from '../parts/state.ts';
import { clean, joined, plain, sentence } from '../parts/text.ts';
import type { Tone } from '../parts/tone.ts';
import { headline, soWhat } from '../parts/words.ts';

/** A measured value and its limit, when it has one. */
interface Measure {
  value?: number;
  limit?: number;
}

export interface EndpointView {
  now: Temporal.Instant;
  name: string;
  workspace: string;
  region: string;
  /** `stopped`: no deployment gets traffic. `unknown` when Azure did not answer and nothing was known before. */
  health: 'healthy' | 'degraded' | 'failing' | 'changing' | 'stopped' | 'unknown';
  /** One plain sentence; what is wrong, or that nothing is. */
  headline: string;
  purpose?: string;
  deployments: readonly { name: string; model: string; percent: number; state: string }[];
  /** 95th percentile in milliseconds, share of failed requests, requests per minute. */
  latency: Measure;
  errors: Measure;
  requestsPerMinute?: number;
  owner?: string;
  incident?: string;
  /** When Azure was asked. */
  asOf: Temporal.Instant;
  source: string;
}

const HEALTH: Readonly<Record<EndpointView['health'], { tone: Tone; word: string; icon: string }>> = {
  healthy: { tone: 'good', word: 'healthy', icon: 'CheckmarkCircle' },
  degraded: { tone: 'warning', word: 'degraded', icon: 'Warning' },
  failing: { tone: 'bad', word: 'failing', icon: 'ErrorCircle' },
  changing: { tone: 'info', word: 'changing', icon: 'ArrowSync' },
  stopped: { tone: 'warning', word: 'stopped', icon: 'Warning' },
  unknown: { tone: 'quiet', word: 'state unknown', icon: 'Info' },
};

/** How an online endpoint stands: who gets the traffic and how it answers. */
export function endpointCard(view: EndpointView): Card {
  const ids = { endpoint: view.name };
  return card({
    summary: `${clean(view.name)} is ${HEALTH[view.health].word.replace('state ', '')}: ${clean(view.headline, 160)}`,
    state: state({ ...HEALTH[view.health], id: view.name }),
    headline: headline(plain(view.headline)),
    soWhat: view.purpose ? soWhat(`${sentence(plain(view.purpose, 160))}.`) : undefined,
    picture: split(
      'Traffic by deployment',
      'Traffic',
      view.deployments.map(({ name, model, percent: share }) => ({ label: `${name} (${model})`, percent: share })),
    ),
    facts: facts([
      ['Latency (p95)', against(view.latency, (value) => `${number(value)} ms`)],
      ['Errors', against(view.errors, percent)],
      ['Requests', view.requestsPerMinute === undefined ? UNKNOWN : `${number(view.requestsPerMinute)} a minute`],
      ['Deployments', unready(view.deployments)],
      ['Incident', view.incident ? plain(view.incident) : 'none open'],
      [
        'Owner',
        `${view.owner ? plain(view.owner, 60) : UNKNOWN} · ${plain(view.workspace, 60)}, ${plain(view.region, 40)}`,
      ],
    ]),
    actions: actions([
      view.incident
        ? act({ title: `Show ${view.incident}`, verb: 'alerts.show', ids: { incident: view.incident } })
        : undefined,
      act({ title: 'Read again', verb: 'fleet.endpoint', ids }),
    ]),
    foot: foot(view.asOf, view.source),
    wide: true,
  });
}

/** The picture names them all; only those that are not ready need a word: "green Updating". */
function unready(deployments: EndpointView['deployments']): string | undefined {
  if (deployments.length === 0) return 'none';
  const others = deployments.filter(({ state: now }) => now !== 'Succeeded');
  return others.length > 0 ? joined(others.map((one) => `${plain(one.name, 40)} ${plain(one.state, 40)}`)) : undefined;
}

/** "810 ms, over its limit of 400 ms". */
function against({ value, limit }: Measure, write: (value: number) => string): string {
  if (value === undefined) return UNKNOWN;
  if (limit === undefined) return write(value);
  return `${write(value)}, ${value > limit ? '▲ over its' : 'within the'} limit of ${write(limit)}`;
}
