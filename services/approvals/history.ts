import type { Organisation } from '../core/organisation.ts';
import type { Roster } from '../core/roster.ts';
import type { Db } from '../store/store.ts';
import type { EmergencyDecision } from './emergency.ts';
import { modelRows } from './history.store.ts';
import { stateWord } from './requests.deps.ts';
import { isSealed } from './secret.rules.ts';
import { numberOf, stagesOver } from './stages.rules.ts';

/** One thing that happened to a model, in words. */
export interface Happening {
  /** ISO 8601. */
  at: string;
  kind: 'version' | 'request' | 'vote' | 'condition' | 'decision' | 'rollout' | 'change' | 'rollback' | 'deviation';
  /** The version it is about, when it is about one. */
  version?: string;
  /** REQ-142, ROL-104, … */
  object?: string;
  what: string;
}

/** Of what happened at the same instant: nothing is decided before it was voted on. */
const ORDER: readonly Happening['kind'][] = [
  'version',
  'request',
  'rollback',
  'vote',
  'condition',
  'decision',
  'rollout',
  'change',
  'deviation',
];

const ENDED: Readonly<Record<string, string>> = { 'put-back': 'put back', replaced: 'followed by another change' };

export interface VersionSeen {
  version: string;
  createdAt?: string | undefined;
  createdBy?: string | undefined;
}

/**
 * Everything that is known of a model, oldest first: its versions (Azure), and what was asked, voted, decided, moved and
 * taken back about it or about the endpoints that serve it.
 */
export async function modelHistory(
  deps: { db: Db; people: Roster; organisation: Organisation },
  model: string,
  versions: readonly VersionSeen[],
): Promise<Happening[]> {
  const endpoints = deps.organisation.endpoints.filter(({ models }) => models.includes(model)).map(({ id }) => id);
  const { requests, votes, conditions, rollouts, changes, deviations } = await modelRows(deps.db, model, endpoints);
  const name = (id: string) => (id === 'wardroom' ? 'Wardroom' : deps.people.nameOf(id));
  const all: Happening[] = versions.flatMap(({ version, createdAt, createdBy }): Happening[] =>
    createdAt
      ? [
          {
            at: createdAt,
            kind: 'version',
            version,
            what: `${model}:${version} was registered${createdBy ? ` by ${createdBy}` : ''}`,
          },
        ]
      : [],
  );
  for (const row of requests) {
    const about = row.model?.startsWith(`${model}:`) ? { version: row.model.slice(model.length + 1) } : {};
    const base = { object: row.id, ...about };
    all.push({
      ...base,
      at: row.created_at,
      kind: row.kind === 'promote' ? 'request' : 'rollback',
      what: `${name(row.requester)} asked: ${row.title} (${row.reason})`,
    });
    for (const [at, stage] of stagesOver(row.past).entries())
      all.push({
        ...base,
        at: stage.closedAt,
        kind: 'decision',
        what: `stage ${at + 1} of ${row.id}: ${stage.reason}`,
      });
    if (row.decided_at) {
      const { reason: why, confirmedBy, review } = (row.decision ?? {}) as Partial<EmergencyDecision>;
      const without = confirmedBy ? ` without votes, confirmed by ${name(confirmedBy)}` : '';
      all.push({
        ...base,
        at: row.decided_at,
        kind: 'decision',
        what: `${row.id} is ${stateWord(row)}${without}${why ? `: ${why}` : ''}`,
      });
      if (review)
        all.push({
          ...base,
          at: review.at,
          kind: 'decision',
          what: `${name(review.by)} reviewed ${row.id}: ${review.finding}, ${review.why}`,
        });
    }
  }
  const requestOf = new Map(requests.map((row) => [row.id, row]));
  const versionOf = (request: string | null) => {
    const found = request ? requestOf.get(request)?.model : undefined;
    return found?.startsWith(`${model}:`) ? { version: found.slice(model.length + 1) } : {};
  };
  for (const vote of votes) {
    const request = requestOf.get(vote.request);
    const cast = isSealed(vote)
      ? `voted on ${vote.request} by secret ballot`
      : `voted ${vote.choice} on ${vote.request}${vote.reason ? `: ${vote.reason}` : ''}`;
    const isVoid = request !== undefined && vote.stage < numberOf(request, 0);
    all.push({
      at: vote.at,
      kind: 'vote',
      object: vote.request,
      ...versionOf(vote.request),
      what: `${name(vote.voter)} ${cast}${isVoid ? ' (void: it was changed afterwards)' : ''}`,
    });
  }
  for (const each of conditions) {
    const base = { kind: 'condition' as const, object: each.request, ...versionOf(each.request) };
    all.push({
      ...base,
      at: each.set_at,
      what: `condition ${each.number} of ${each.request}: ${each.what} (${name(each.owner)})`,
    });
    if (each.met_at)
      all.push({
        ...base,
        at: each.met_at,
        what: `condition ${each.number} of ${each.request} is ${each.state}${each.proof ? `: ${each.proof}` : ''}`,
      });
  }
  for (const row of rollouts) {
    const base = { kind: 'rollout' as const, object: row.id, version: row.version };
    all.push({ ...base, at: row.created_at, what: `${row.id} took ${model}:${row.version} up on ${row.endpoint}` });
    if (row.finished_at)
      all.push({ ...base, at: row.finished_at, what: `${row.id} ended as ${row.state}: ${row.note}` });
  }
  for (const row of changes)
    all.push({
      at: row.finished_at ?? row.created_at,
      kind: 'change',
      object: row.id,
      ...versionOf(row.request),
      what: `${(row.plan as { what: string }).what}: ${row.state}${row.state === 'failed' && row.note ? ` (${row.note})` : ''}`,
    });
  for (const row of deviations) {
    const base = { kind: 'deviation' as const, object: row.id };
    const closing = row.closing as { by?: string; why?: string } | null;
    if (row.closed_at)
      all.push({
        ...base,
        at: row.closed_at,
        what: `${row.id} was ${ENDED[row.state] ?? row.state}${closing?.by ? ` by ${name(closing.by)}` : ''}${closing?.why ? `: ${closing.why}` : ''}`,
      });
    all.push({
      ...base,
      at: row.happened_at ?? row.reported_at,
      what: `${row.endpoint} was changed past Wardroom${row.by_whom ? ` by ${row.by_whom}` : ''}: ${(row.found as { words: string[] }).words.join('; ')}`,
    });
  }
  return all.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}
