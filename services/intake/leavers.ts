import { digestOf } from '../core/canonical.ts';
import type { Tx } from '../store/store.ts';
import { inTransaction } from '../store/transaction.ts';
import type { Delegations } from './delegations.ts';
import type { IntakeDeps } from './deps.ts';
import { type Affected, backTo, toldOf } from './leavers.rules.ts';
import type { Section } from './questions.ts';
import * as rows from './use-cases.store.ts';

export const SWEEP = 'intake-sweep';
const EVERY_HOURS = 24;
const OVER = ['withdrawn', 'stopped'] as const;

/**
 * People leave, and use cases name them: as owner, as executive, on a path of escalation, as somebody who was asked. Once a
 * day, and whenever Wardroom starts (which is when wardroom.yaml is read again), those who can mend it are told what is
 * affected; the same is said once.
 */
export function leavers(deps: IntakeDeps, asked: Delegations) {
  const { clock, jobs, outbox, people, audit, db } = deps;
  const active = (person: string) => people.byId(person)?.active ?? false;

  async function affectedBy(
    tx: Tx,
  ): Promise<(Affected & { owner: string | undefined; executive: string | undefined; by: string })[]> {
    const found = await rows.holders(tx, OVER);
    const paths = await tx.selectFrom('use_case_paths').select(['use_case', 'kind', 'path']).execute();
    return found.flatMap(({ id, title, created_by, owner, executive }) => {
      const of = { useCase: id, title, owner: owner ?? undefined, executive: executive ?? undefined, by: created_by };
      const gone = (person: string | null, what: Affected['what']) =>
        person && !active(person) ? [{ ...of, person, what }] : [];
      return [
        ...gone(owner, 'business owner'),
        ...gone(executive, 'accountable executive'),
        ...paths
          .filter((each) => each.use_case === id)
          .flatMap(({ kind, path }) =>
            path.people.flatMap((person) =>
              gone(person, kind === 'ethics' ? 'path for concerns' : 'path for performance'),
            ),
          ),
      ];
    });
  }

  async function sweep(tx: Tx): Promise<void> {
    const affected = await affectedBy(tx);
    const admins = ((await people.members()) ?? []).filter((each) => each.active && each.roles.includes('admin'));
    // The owner, or else whoever is accountable, whoever brought it in, an administrator.
    const heir = ({ useCase }: Affected) => {
      const of = affected.find((each) => each.useCase === useCase);
      return [of?.owner, of?.executive, of?.by, admins[0]?.id].find((person) => person !== undefined && active(person));
    };
    for (const [person, list] of toldOf(affected, heir)) {
      const lines = list.map(({ useCase, person: gone, what }) => `${useCase}|${gone}|${what}`).sort();
      await outbox.say(tx, {
        key: `intake-left:${person}:${digestOf(lines).slice(0, 16)}`,
        kind: 'intake.left',
        ids: { affected: lines.slice(0, MOST_SAID).join(';'), count: String(lines.length) },
        conversation: `person:${person}`,
      });
    }
    for (const row of await asked.allOpen(tx)) {
      if (active(row.asked)) continue;
      const back = backTo(row.chain, active);
      await asked.giveBack(tx, row, back);
      await audit.append(tx, {
        actor: 'wardroom',
        action: 'intake.question-back',
        objects: [row.use_case],
        why: `${people.nameOf(row.asked)} is not here any more; the question about ${row.section as Section} goes back${back ? ` to ${people.nameOf(back.person)}` : ''}.`,
      });
    }
  }

  const next = (tx: Tx) => jobs.enqueue(tx, SWEEP, {}, { at: clock.now().add({ hours: EVERY_HOURS }) });

  return {
    sweep,
    async due(tx: Tx): Promise<void> {
      await sweep(tx);
      await next(tx);
    },
    /** Looks at once, and from then on daily. */
    async begin(): Promise<void> {
      const waiting = await jobs.waiting(SWEEP);
      await inTransaction(db, async (tx) => {
        await sweep(tx);
        if (!waiting) await next(tx);
      });
    },
  };
}

const MOST_SAID = 20;
