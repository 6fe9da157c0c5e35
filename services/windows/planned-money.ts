import { Refused } from '../core/errors.ts';
import type { Db, Tx } from '../store/store.ts';
import { type BrokenBudget, type Need, owed } from './need.rules.ts';
import * as rows from './planned.store.ts';
import type { PlannedChanges, PlannedDeps } from './planned.ts';
import { plannedCardOf } from './planned.ts';

/** A change that would break an enforced budget needs somebody else who answers for the money. */
export function plannedMoney(
  { clock, audit, outbox, people }: Pick<PlannedDeps, 'clock' | 'audit' | 'outbox' | 'people'>,
  planned: Pick<PlannedChanges, 'needed'>,
) {
  /** Who agreed by voting for it as it is now counts as well. */
  async function owes(at: Db | Tx, row: rows.PlannedRow): Promise<BrokenBudget | undefined> {
    const votes = (await rows.votesOf(at, row.id)).filter(
      ({ revision, choice }) => revision === row.revision && choice === 'approve',
    );
    return owed(
      { class: row.class, need: row.need as Need | null },
      votes.map(({ voter }) => voter),
    );
  }

  return {
    owes,

    /** Agrees that it may break the budget. Never whoever asked for it or carries it out. */
    async agree(tx: Tx, id: string, by: string, why?: string): Promise<void> {
      const row = await planned.needed(tx, id, 'edit');
      const need = row.need as Need | null;
      const broken = await owes(tx, row);
      if (!need || !broken) throw new Refused(`${id} breaks no budget that somebody would have to agree to.`);
      if (by === row.requester || by === row.assignee)
        throw new Refused('This needs a second person.', whomToAsk(broken, row), 'second-person');
      if (!broken.agree.includes(by))
        throw new Refused('You do not answer for this budget.', whomToAsk(broken, row), 'not-yours');
      const agreed = { by, at: clock.now().toString() };
      await rows.setPlanned(tx, id, { need: JSON.stringify({ ...need, agreed } satisfies Need) });
      await audit.append(tx, {
        actor: by,
        action: 'windows.change.cost-agreed',
        objects: [id, ...row.targets],
        why: why ?? broken.words,
      });
      await outbox.refresh(tx, plannedCardOf(id));
    },

    /** Throws when it may not start because of money. */
    async settled(tx: Tx, row: rows.PlannedRow): Promise<void> {
      const broken = await owes(tx, row);
      if (broken)
        throw new Refused(`${row.id} would break a budget. ${broken.words}`, whomToAsk(broken, row), 'over-budget');
    },
  };

  function whomToAsk({ agree }: BrokenBudget, { id, requester, assignee }: rows.PlannedRow): string {
    const others = agree.filter((person) => person !== requester && person !== assignee).map(people.nameOf);
    return others.length > 0
      ? `Ask ${others.join(' or ')} to say “agree to ${id}”.`
      : 'Nobody else answers for this budget: name an owner of the department in wardroom.yaml.';
  }
}
