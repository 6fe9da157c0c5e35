import { Refused } from '../core/errors.ts';
import type { ConcernPath, EscalationPolicy } from '../core/organisation.ts';
import type { Db, Tx } from '../store/store.ts';
import type { IntakeDeps } from './deps.ts';
import { type EscalationPath, type PathKind, pathFault, policyOf } from './escalation-paths.rules.ts';
import * as rows from './use-cases.store.ts';
import { type StoredRisk, type UseCases, useCaseCardOf } from './use-cases.ts';

export interface StoredPath extends EscalationPath {
  kind: PathKind;
  by: string;
  at: string;
}

/** What an escalation follows, and whose path it is. */
export interface Called<T> {
  useCase: string;
  title: string;
  path: T;
}

/** Who is called for a use case; used by alerts and concerns from the day it is live. */
export function escalationPaths(deps: IntakeDeps, cases: UseCases) {
  const { clock, outbox, people } = deps;
  const active = (person: string) => people.byId(person)?.active ?? false;

  const pathsOf = async (db: Db | Tx, useCase: string): Promise<StoredPath[]> => {
    const found = await db
      .selectFrom('use_case_paths')
      .selectAll()
      .where('use_case', '=', useCase)
      .orderBy('kind')
      .execute();
    return found.map(({ kind, path, person, at }) => ({
      kind,
      people: path.people,
      minutes: path.minutes,
      by: person,
      at,
    }));
  };

  /** Live use cases that an endpoint carries, by itself or by a model that it serves; the riskiest first, then the oldest. */
  async function carriedBy(db: Db | Tx, endpoint: string): Promise<rows.UseCaseRow[]> {
    const known = deps.organisation.endpoints.find(({ id }) => id.toLowerCase() === endpoint.toLowerCase());
    const models = (known?.models ?? []).map((model) => model.split(':')[0] ?? model);
    const links = [
      ...(await rows.linkedTo(db, 'endpoint', known?.id ?? endpoint)),
      ...(await Promise.all(models.map((model) => rows.linkedTo(db, 'model', model)))).flat(),
    ];
    const ids = [...new Set(links.map(({ use_case }) => use_case))];
    if (ids.length === 0) return [];
    const found = await db
      .selectFrom('use_cases')
      .selectAll()
      .where('id', 'in', ids)
      .where('state', '=', 'live')
      .execute();
    const riskOf = ({ risk }: rows.UseCaseRow) => (risk as StoredRisk | null)?.verdict.factor ?? 0;
    return found.sort((a, b) => riskOf(b) - riskOf(a) || a.id.localeCompare(b.id, 'en', { numeric: true }));
  }

  async function first(
    db: Db | Tx,
    useCases: readonly rows.UseCaseRow[],
    kind: PathKind,
  ): Promise<Called<StoredPath> | undefined> {
    for (const row of useCases) {
      const path = (await pathsOf(db, row.id)).find((each) => each.kind === kind);
      if (path?.people.some(active)) return { useCase: row.id, title: row.title, path };
    }
    return undefined;
  }

  return {
    of: pathsOf,

    async set(tx: Tx, id: string, kind: PathKind, path: EscalationPath, by: string): Promise<void> {
      await cases.needed(tx, id);
      const fault = pathFault(path, active, people.nameOf);
      if (fault) throw new Refused(fault, 'Name people who are here, the first to be called first.', 'bad-path');
      if (kind === 'ethics' && !deps.organisation.concernPaths.some(({ endpoints }) => endpoints.length === 0))
        throw new Refused(
          'Nobody would hear a concern when these people are gone: wardroom.yaml has no path for everything.',
          'Ask an administrator to add one without endpoints under concernPaths.',
          'no-fallback',
        );
      const values = { path: JSON.stringify(path), person: by, at: clock.now().toString() };
      await tx
        .insertInto('use_case_paths')
        .values({ use_case: id, kind, ...values })
        .onConflict((conflict) => conflict.columns(['use_case', 'kind']).doUpdateSet(values))
        .execute();
      await outbox.refresh(tx, useCaseCardOf(id));
    },

    /** The policy by which an incident of this endpoint is escalated; undefined when no live use case has a path. */
    async performance(db: Db | Tx, endpoint: string): Promise<Called<EscalationPolicy> | undefined> {
      const found = await first(db, await carriedBy(db, endpoint), 'performance');
      if (!found) return undefined;
      const own = deps.organisation.endpoints.find(({ id }) => id.toLowerCase() === endpoint.toLowerCase())?.escalation;
      const policy = policyOf(found.useCase, found.path, active, own ?? deps.organisation.escalationPolicies[0]?.id);
      return policy && { ...found, path: policy };
    },

    /** Who hears a concern about this endpoint or this use case; undefined when it is the organisation's own path. */
    async ethics(
      db: Db | Tx,
      about: { endpoint?: string | undefined; useCase?: string | undefined },
    ): Promise<Called<ConcernPath> | undefined> {
      const named = about.useCase ? await rows.find(db, about.useCase) : undefined;
      const wanted = named ? [named] : about.endpoint ? await carriedBy(db, about.endpoint) : [];
      const found = await first(db, wanted, 'ethics');
      if (!found) return undefined;
      const { concernPaths, fallbackChannel } = deps.organisation;
      const usual =
        concernPaths.find(({ endpoints }) => about.endpoint !== undefined && endpoints.includes(about.endpoint)) ??
        concernPaths.find(({ endpoints }) => endpoints.length === 0);
      return {
        ...found,
        path: {
          id: found.useCase.toLowerCase(),
          endpoints: [],
          channel: usual?.channel ?? fallbackChannel,
          people: found.path.people.filter(active),
          answerWithin: found.path.minutes,
        },
      };
    },
  };
}
