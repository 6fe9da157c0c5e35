import { type GroupView, groupCard } from '../alerts/group.ts';
import { type NoiseRulesView, noiseRulesCard } from '../alerts/noise-rules.ts';
import { type RuleTrialView, ruleTrialCard } from '../alerts/rule-trial.ts';
import { type SilenceView, silenceCard } from '../alerts/silence.ts';
import { silencesCard } from '../alerts/silences.ts';
import type { Sample } from '../gallery.ts';
import { at, HOSTILE } from './story.ts';

const group: GroupView = {
  now: at('14:20'),
  incident: 'INC-104',
  severity: 2,
  headline: 'p95 of ep-fraud is 431 ms, limit 250 ms',
  what: 'new',
  firing: [
    { headline: 'p95 of ep-fraud is 431 ms, limit 250 ms', since: at('14:05') },
    { headline: '5xx of ep-fraud are 3.1 %, limit 1 %', since: at('14:18') },
  ],
  over: [],
};
const many = Array.from({ length: 20 }, (_, index) => ({ headline: `${HOSTILE}${index}`, since: at('14:05') }));

const silence: SilenceView = {
  now: at('14:20'),
  id: 'SIL-103',
  kind: 'silence',
  state: 'in force',
  what: 'kind=latency, endpoint=ep-fraud',
  from: at('14:10'),
  until: at('16:10'),
  by: 'Ann Berg',
  reason: 'load test of the vendor',
  held: [{ headline: 'p95 of ep-fraud is 431 ms, limit 250 ms', since: at('14:18') }],
  heldTotal: 1,
  incidents: ['INC-104'],
};
const { held: _held, heldTotal: _total, incidents: _incidents, now: _now, ...listed } = silence;

const gone = ['p95 of ep-fraud is 431 ms, limit 250 ms', 'p95 of ep-churn is 300 ms, limit 250 ms'];
const trial: RuleTrialView = {
  now: at('14:30'),
  rule: 'kind=latency fires for 10 min',
  days: 30,
  before: 61,
  after: 14,
  perDay: Array.from({ length: 30 }, (_, n) => ({
    day: at('14:30')
      .subtract({ hours: 24 * (29 - n) })
      .toString()
      .slice(0, 10),
    before: (n * 7) % 5,
    after: n % 3 === 0 ? 1 : 0,
  })),
  gone: Array.from({ length: 49 }, (_, n) => ({ at: at('13:05'), headline: gone[n % 2] ?? '', waited: 0 })),
  later: [{ at: at('12:00'), headline: 'p95 of ep-aml is 900 ms, limit 400 ms', waited: 600_000 }],
  fresh: [],
  replayed: 1_840,
  cut: false,
  mayApply: true,
};
const rules: NoiseRulesView = {
  now: at('14:30'),
  rules: [
    {
      id: 'RUL-102',
      text: 'kind=latency fires for 10 min',
      reason: 'short peaks heal by themselves',
      by: 'Ann Berg',
      at: at('09:00'),
      holds: 2,
    },
    {
      id: 'RUL-101',
      text: 'ep-demand calls nobody',
      reason: 'being rebuilt',
      by: 'Ben Okafor',
      at: at('08:00'),
      endedBy: 'Ann Berg',
      endedAt: at('11:00'),
      holds: 0,
    },
  ],
  routes: [
    {
      id: 'data-quality',
      words: 'hook=data-quality; grouped by endpoint; first after 30 s; then every 5 min; again after 4 h',
    },
  ],
};

/** What groups of alerts say, and what keeps them quiet. */
export const noiseSamples = (): Sample[] => [
  { name: 'alerts/group', card: groupCard(group) },
  {
    name: 'alerts/group-some-over',
    card: groupCard({
      ...group,
      what: 'over',
      firing: group.firing.slice(0, 1),
      over: [{ headline: '5xx of ep-fraud are 3.1 %, limit 1 %', since: at('14:18'), until: at('14:19') }],
      muted: 2,
    }),
  },
  {
    name: 'alerts/group-resolved',
    card: groupCard({
      ...group,
      what: 'resolved',
      firing: [],
      over: group.firing.map((one) => ({ ...one, until: at('14:40') })),
    }),
  },
  {
    name: 'alerts/group-hostile-text',
    card: groupCard({ ...group, headline: HOSTILE, firing: many, firingTotal: 250, over: many, overTotal: 4_000 }),
  },
  { name: 'alerts/silence', card: silenceCard(silence) },
  { name: 'alerts/silence-ending', card: silenceCard({ ...silence, ending: true, now: at('15:55') }) },
  {
    name: 'alerts/silence-ahead',
    card: silenceCard({
      ...silence,
      id: 'MNT-101',
      kind: 'maintenance',
      state: 'ahead',
      from: at('22:00'),
      until: at('23:30'),
      held: [],
      heldTotal: 0,
      incidents: [],
    }),
  },
  {
    name: 'alerts/silence-ended',
    card: silenceCard({ ...silence, state: 'ended', endedBy: 'Ben Okafor', held: [], heldTotal: 0 }),
  },
  {
    name: 'alerts/silence-hostile-text',
    card: silenceCard({
      ...silence,
      what: HOSTILE.repeat(9),
      reason: HOSTILE.repeat(9),
      by: HOSTILE,
      held: many,
      heldTotal: 9_000,
    }),
  },
  {
    name: 'alerts/silences',
    card: silencesCard({
      now: at('14:20'),
      silences: [
        { ...listed, holds: 1 },
        {
          ...listed,
          id: 'MNT-101',
          kind: 'maintenance',
          state: 'ahead',
          from: at('22:00'),
          until: at('23:30'),
          what: 'ep-churn',
          holds: 0,
        },
        { ...listed, id: 'SIL-102', state: 'over', until: at('12:00'), holds: 0 },
      ],
      total: 41,
    }),
  },
  { name: 'alerts/silences-none', card: silencesCard({ now: at('14:20'), silences: [], total: 0 }) },
  { name: 'alerts/rule-trial', card: ruleTrialCard(trial) },
  {
    name: 'alerts/rule-trial-nothing-stored',
    card: ruleTrialCard({
      ...trial,
      before: 0,
      after: 0,
      perDay: [],
      gone: [],
      later: [],
      replayed: 0,
      mayApply: false,
    }),
  },
  {
    name: 'alerts/rule-trial-hostile-text',
    card: ruleTrialCard({
      ...trial,
      rule: HOSTILE.repeat(9),
      cut: true,
      replayed: 50_000,
      gone: Array.from({ length: 400 }, () => ({ at: at('13:05'), headline: HOSTILE.repeat(5), waited: 0 })),
    }),
  },
  { name: 'alerts/noise-rules', card: noiseRulesCard(rules) },
  { name: 'alerts/noise-rules-none', card: noiseRulesCard({ now: at('14:30'), rules: [], routes: [] }) },
  {
    name: 'alerts/noise-rule-made',
    card: noiseRulesCard({
      ...rules,
      rules: rules.rules.slice(0, 1),
      routes: [],
      said: 'RUL-102 is in force: kind=latency fires for 10 min',
    }),
  },
];
