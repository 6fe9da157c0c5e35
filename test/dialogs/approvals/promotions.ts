import { randomUUID } from 'node:crypto';
import type { PromotePlan } from '../../../services/approvals/index.ts';
import { digestOf } from '../../../services/core/canonical.ts';
import type { House } from '../../house.ts';

/** A plan of few minutes, so that a story needs no day. */
export const quickPlan = (more: Partial<PromotePlan> = {}): PromotePlan => ({
  kind: 'promote',
  endpoint: 'ep-fraud',
  workspace: 'mlw-payments-weu',
  model: { name: 'fraud-detector', version: '8' },
  artifact: { sha256: '8'.repeat(64), of: 'registration' },
  deployment: 'violet',
  from: { blue: 90, green: 10 },
  steps: [
    { kind: 'mirror', percent: 20, minutes: 35 },
    { kind: 'live', percent: 10, minutes: 10 },
    { kind: 'live', percent: 50, minutes: 10 },
    { kind: 'live', percent: 100, minutes: 0 },
  ],
  guards: { errorPoints: 0.5, latencyRatio: 1.25, minRequests: 1000 },
  what: 'fraud-detector:8 to ep-fraud: 20 % mirrored, then 10 %, 50 %, 100 %',
  ...more,
});

/** The promotion of what serves now, as it was left behind weeks ago. */
export async function served(house: House, version: string, request = 'REQ-900'): Promise<void> {
  const plan = quickPlan({ model: { name: 'fraud-detector', version }, deployment: 'blue', from: { green: 100 } });
  await house.app.rooms.db
    .insertInto('requests')
    .values(requestRow(house, plan, request, 'deployed'))
    .execute();
}

const requestRow = (house: House, plan: PromotePlan, request: string, state: 'executing' | 'deployed') => {
  const at = '2026-11-23T14:00:00Z';
  return {
    id: request,
    kind: 'promote' as const,
    title: plan.what,
    reason: 'finds more fraud',
    requester: 'hugo',
    plan: JSON.stringify(plan),
    digest: digestOf(plan),
    policy: JSON.stringify(house.app.rooms.organisation.approvalPolicies[0]),
    eligible: JSON.stringify([]),
    state,
    created_at: at,
    decided_at: at,
    decision: JSON.stringify({ by: 'votes', reason: 'approved' }),
    deadline: at,
    channel: 'channel:fraud-ops',
    endpoint: plan.endpoint,
    model: `${plan.model.name}:${plan.model.version}`,
  };
};

/** An approved promotion, as the deciding vote leaves it behind: the request, and its rollout begun in the same transaction. */
export async function approved(house: House, plan: PromotePlan, request = 'REQ-901'): Promise<string> {
  const { rooms } = house.app;
  const rollout = await rooms.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('requests')
      .values(requestRow(house, plan, request, 'executing'))
      .execute();
    const id = await rooms.rollouts.begin(tx, { endpoint: plan.endpoint, plan, request, requester: 'ann' }, plan);
    await tx.updateTable('requests').set({ change: id }).where('id', '=', request).execute();
    return id;
  });
  return rollout;
}

export const trafficOf = async (house: House, endpoint = 'ep-fraud') => {
  const answer = await house.app.console.ask({ as: 'jon', text: `endpoint ${endpoint}` });
  return (answer.body as { data: { traffic: Record<string, number> } }).data.traffic;
};

export async function asked(house: House, as: string, text: string, yes = false) {
  const answer = await house.app.console.ask({ as, text, yes });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body as { kind: string; text: string; shown: string; data: unknown };
}

/** A model card with everything that high risk asks for. */
export const PARTS = {
  purpose: 'Scores card payments for fraud before they are authorised.',
  users: 'The authorisation service blocks above 0.9; analysts see the score.',
  assumptions: 'Payments look like those of the last twelve months.',
  limits: 'Weak on merchants with fewer than fifty payments a month.',
  edgeCases: 'Unknown countries are scored as the mean of their region.',
  decisionLogic: 'Gradient boosted trees over six features; the three largest are told to the analyst.',
  oversight: 'An analyst reviews every blocked payment within two hours and can release it.',
};

/** The stepped form, as the terminal fills it: three steps of one draft. */
export async function writeCard(house: House, parts: Partial<typeof PARTS> = PARTS, as = 'ann'): Promise<string> {
  const begun = await asked(house, as, 'edit model card of fraud-detector', true);
  const { draft } = begun.data as { draft: string };
  let text = begun.text;
  const steps = [
    ['purpose', 'users'],
    ['assumptions', 'limits', 'edgeCases'],
    ['decisionLogic', 'oversight'],
  ] as const;
  for (const [at, fields] of steps.entries()) {
    const answers = Object.fromEntries(fields.flatMap((name) => (parts[name] ? [[name, parts[name]]] : [])));
    text = (
      await house.app.dispatch({
        key: randomUUID(),
        person: as,
        place: { conversation: `person:${as}`, kind: 'personal' },
        verb: 'approvals.card-step',
        data: { draft, sent: 'yes', at: String(at), ...answers },
      })
    ).text;
  }
  return text;
}
