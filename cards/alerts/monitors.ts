import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { number } from '../parts/numbers.ts';
import { state } from '../parts/state.ts';
import { table } from '../parts/table.ts';
import { clean, counted, joined, plain } from '../parts/text.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface MonitorLine {
  name: string;
  enabled: boolean;
  endpoint?: string;
  deployment?: string;
  workspace: string;
  /** "data drift by PSI, limit 0.20" */
  signals: readonly string[];
  schedule?: string;
}

export interface MonitorsView {
  now: Temporal.Instant;
  /** Only those of this endpoint. */
  endpoint?: string;
  monitors: readonly MonitorLine[];
  /** Online endpoints that no enabled monitor watches. */
  unwatched: readonly string[];
  /** Watched by Wardroom from what they collect: "ep-credit, every day against training". */
  own: readonly string[];
  /** Workspaces that do not answer. */
  missing: readonly string[];
  asOf: Temporal.Instant;
  source: string;
}

/** Every model monitor, and what nobody watches. */
export function monitorsCard(view: MonitorsView): Card {
  const { monitors, unwatched, own, missing, endpoint } = view;
  const paused = monitors.filter(({ enabled }) => !enabled);
  const [gap] = unwatched;
  const [first] = monitors;
  return card({
    summary: monitorsHeadline(view),
    state: state(
      unwatched.length > 0
        ? { tone: 'warning', word: `${counted(unwatched.length, 'endpoint')} unwatched` }
        : paused.length > 0
          ? { tone: 'warning', word: `${paused.length} paused` }
          : monitors.length === 0
            ? { tone: 'quiet', word: 'no monitor' }
            : { tone: 'good', word: 'all watched' },
    ),
    headline: headline(plain(monitorsHeadline(view))),
    facts: facts([
      ['Unwatched', unwatched.length > 0 ? plain(joined(unwatched.slice(0, 6)), 200) : undefined],
      ['From collected data', own.length > 0 ? plain(own.slice(0, 4).join('; '), 240) : undefined],
      ['Not known', missing.length > 0 ? `${plain(joined(missing), 160)} did not answer` : undefined],
    ]),
    details: [
      list(
        monitors.map((each) => ({
          text: `**${plain(each.name, 60)}**${each.enabled ? '' : ' · paused'}`,
          detail: plain([each.endpoint ?? each.workspace, ...each.signals].join(' · '), 240),
          select: act({ title: clean(each.name, 40), verb: 'alerts.monitor', ids: { name: clean(each.name, 120) } }),
        })),
        { shown: 8 },
      ),
    ],
    actions: actions([
      gap !== undefined &&
        act({ title: `Watch ${gap}`, verb: 'alerts.new-monitor', ids: { endpoint: gap }, main: true }),
      first && act({ title: `Show ${first.name}`, verb: 'alerts.monitor', ids: { name: clean(first.name, 120) } }),
      endpoint ? act({ title: 'All monitors', verb: 'alerts.monitors' }) : undefined,
    ]),
    foot: foot(view.asOf, view.source),
    wide: true,
  });
}

export function monitorsHeadline({ monitors, unwatched, endpoint }: MonitorsView): string {
  const on = monitors.filter(({ enabled }) => enabled).length;
  if (endpoint)
    return monitors.length === 0
      ? `No monitor watches ${endpoint}.`
      : `${counted(monitors.length, 'monitor')} of ${endpoint}, ${on} running.`;
  return `${counted(monitors.length, 'model monitor')}, ${on} running${unwatched.length > 0 ? `; nobody watches ${joined(unwatched.slice(0, 3))}${unwatched.length > 3 ? ' …' : ''}` : ''}.`;
}

export interface MonitorView {
  now: Temporal.Instant;
  monitor: MonitorLine;
  thresholds: readonly { signal: string; metric: string; type?: string; limit?: number }[];
  features: readonly string[];
  asOf: Temporal.Instant;
  source: string;
}

/** One monitor with its limits and what can be done about it. */
export function monitorCard(view: MonitorView): Card {
  const { monitor, thresholds, features } = view;
  const ids = { name: clean(monitor.name, 120) };
  return card({
    summary: `${monitor.name} is ${monitor.enabled ? 'running' : 'paused'}`,
    state: state(
      monitor.enabled ? { tone: 'good', word: 'running' } : { tone: 'warning', word: 'paused', icon: 'Pause' },
    ),
    headline: headline(
      plain(
        `${monitor.name} watches ${monitor.endpoint ? `${monitor.endpoint}${monitor.deployment ? `/${monitor.deployment}` : ''}` : monitor.workspace}.`,
      ),
    ),
    soWhat: monitor.enabled ? undefined : soWhat('While it is paused nothing is computed and nobody is alerted by it.'),
    facts: facts([
      ['Runs', monitor.schedule && plain(monitor.schedule)],
      ['Signals', plain(joined(monitor.signals), 240)],
      ['Features', plain(features.length > 0 ? joined(features.slice(0, 10)) : 'the ten that matter most', 240)],
      ['Workspace', plain(monitor.workspace)],
    ]),
    details: [
      table(
        [
          { title: 'Signal', width: 2 },
          { title: 'Metric', width: 3 },
          { title: 'Data', width: 2 },
          { title: 'Limit', number: true },
        ],
        thresholds.map(({ signal, metric, type, limit }) => [
          plain(signal, 40),
          plain(metric, 60),
          plain(type ?? 'all', 20),
          number(limit, { digits: 2 }),
        ]),
      ),
    ],
    actions: actions(
      [
        monitor.endpoint
          ? act({ title: 'Show drift', verb: 'alerts.drift', ids: { endpoint: monitor.endpoint } })
          : undefined,
        monitor.enabled
          ? act({ title: 'Pause', verb: 'alerts.pause-monitor', ids, dangerous: true })
          : act({ title: 'Resume', verb: 'alerts.resume-monitor', ids, main: true }),
      ],
      [
        act({ title: 'Change its limit', verb: 'alerts.change-monitor', ids }),
        act({ title: 'Delete', verb: 'alerts.delete-monitor', ids, dangerous: true }),
      ],
    ),
    foot: foot(view.asOf, view.source),
    wide: true,
  });
}

export interface NewMonitorView {
  now: Temporal.Instant;
  draft: string;
  endpoint: string;
  name: string;
  /** What it will do, in words. */
  words: readonly (readonly [what: string, how: string])[];
}

/** The whole form before it becomes an order. */
export function newMonitorCard({ now, draft, endpoint, name, words }: NewMonitorView): Card {
  return card({
    summary: `${name} can be made`,
    state: state({ tone: 'info', word: 'not made yet', id: draft }),
    headline: headline(plain(`${name} will watch ${endpoint}.`)),
    soWhat: soWhat('Each run costs a small Spark job in your workspace. Nothing is made before you confirm.'),
    facts: facts(words.map(([what, how]) => [what, plain(how, 200)])),
    actions: actions([
      act({
        title: 'Create the monitor',
        verb: 'alerts.create-monitor',
        ids: { draft },
        main: true,
        tooltip: 'Asks before it happens',
      }),
    ]),
    foot: foot(now, 'your answers'),
  });
}
