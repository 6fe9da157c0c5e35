import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import type { EvidenceView } from '../../cards/approvals/evidence.ts';
import { number, percentage } from '../../cards/parts/numbers.ts';
import {
  ATTACHABLE,
  ageWords,
  EVIDENCE_WORDS,
  type GateItem,
  promotionOf,
  type RequestRow,
} from '../../services/approvals/index.ts';
import type { Rooms } from '../rooms.ts';

/** What was stored with a finding, as far as the card draws it; a finding of another form is told in words alone. */
const explanation = z.object({
  rows: z.number(),
  features: z.array(
    z.object({ name: z.string(), meanAbs: z.number(), mean: z.number(), before: z.number().optional() }),
  ),
  serving: z.object({ name: z.string(), ndcg: z.number() }).optional(),
  local: z
    .array(
      z.object({
        base: z.number(),
        prediction: z.number(),
        values: z.array(z.object({ name: z.string(), value: z.number() })),
      }),
    )
    .default([]),
});
const interval = z.object({ low: z.number(), high: z.number() });
const metrics = z.object({
  serving: z.string().nullish(),
  lines: z.array(
    z.object({
      name: z.string(),
      value: z.number(),
      interval: interval.optional(),
      difference: z.object({ value: z.number(), interval: interval.optional() }).optional(),
    }),
  ),
});
const fairness = z.object({
  results: z.array(
    z.object({
      attribute: z.string(),
      groups: z.array(
        z.object({
          group: z.string(),
          count: z.number(),
          selectionRate: z.number(),
          selection: interval.optional(),
          tpr: z.number(),
          fpr: z.number(),
        }),
      ),
    }),
  ),
});

export async function evidenceView(
  rooms: Rooms,
  row: RequestRow,
  now: Temporal.Instant,
): Promise<{ view: EvidenceView; items: readonly GateItem[]; lacking: readonly string[] }> {
  const plan = promotionOf(row);
  const { endpoint } = await rooms.approvals.rulesFor(rooms.db, plan.endpoint);
  const { items, lacking } = await rooms.approvals.gateOf(rooms.db, row);
  const bodyOf = (kind: string) => items.find((item) => item.kind === kind)?.body;
  const explained = explanation.safeParse(bodyOf('explanation')).data;
  const measured = metrics.safeParse(bodyOf('metrics')).data;
  const groups = fairness.safeParse(bodyOf('fairness')).data;
  const [local] = explained?.local ?? [];
  const view: EvidenceView = {
    now,
    id: row.id,
    what: `${plan.model.name}:${plan.model.version} on ${plan.endpoint}`,
    risk: endpoint.business.riskClass,
    items: items.map(({ kind, state, required, summary, source, asOf, digest, limit }) => ({
      name: EVIDENCE_WORDS[kind],
      state,
      required,
      summary,
      ...(source ? { source } : {}),
      ...(asOf ? { asOf } : {}),
      ...(digest ? { digest } : {}),
      ...(limit === undefined ? {} : { limit: ageWords(limit) }),
    })),
    ...(explained
      ? {
          importance: {
            rows: explained.rows,
            features: explained.features,
            ...(explained.serving ? { serving: explained.serving } : {}),
          },
        }
      : {}),
    ...(local ? { local } : {}),
    ...(measured
      ? {
          metrics: {
            ...(measured.serving ? { serving: measured.serving } : {}),
            lines: measured.lines.map(metricCells),
          },
        }
      : {}),
    ...(groups ? { fairness: groups.results.flatMap(groupLines) } : {}),
    ...(['evidence', 'voting', 'approved', 'conditional'].includes(row.state)
      ? { attachable: ATTACHABLE.map((value) => ({ value, title: EVIDENCE_WORDS[value] })) }
      : {}),
    source: 'Wardroom',
  };
  return { view, items, lacking };
}

const three = (value: number) => number(value, { digits: Math.abs(value) >= 1000 ? 0 : 3 });
const percent = (share: number) => percentage(share * 100, 1);

const metricCells = (line: z.output<typeof metrics>['lines'][number]) => ({
  name: line.name,
  value: three(line.value),
  interval: line.interval ? `${three(line.interval.low)} to ${three(line.interval.high)}` : 'unknown',
  difference: line.difference
    ? `${line.difference.value >= 0 ? '+' : ''}${three(line.difference.value)}${
        line.difference.interval
          ? ` (${three(line.difference.interval.low)} to ${three(line.difference.interval.high)})`
          : ''
      }`
    : 'nothing serves',
});

const groupLines = ({ attribute, groups }: z.output<typeof fairness>['results'][number]) =>
  groups.map(({ group, count, selectionRate, selection, tpr, fpr }) => ({
    attribute,
    group,
    count,
    selected: selection
      ? `${percent(selectionRate)} (${percent(selection.low)} to ${percent(selection.high)})`
      : percent(selectionRate),
    hit: percent(tpr),
    alarm: percent(fpr),
  }));
