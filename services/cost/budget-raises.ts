import { Refused } from '../core/errors.ts';
import type { Budget } from '../core/organisation.ts';
import type { Tx } from '../store/store.ts';
import type { CostDeps } from './deps.ts';
import { type Amount, decimal } from './money.rules.ts';

/** A budget that was raised by two people; wardroom.yaml stays what it was, the record says who and why. */
export function budgetRaises({ clock, outbox }: CostDeps) {
  return {
    /** Whether this amount can be asked for. Throws `Refused`. */
    checkRaise(budget: Budget, current: Amount, amount: Amount): void {
      const wanted = decimal(amount);
      if (wanted.lte(decimal(current)))
        throw new Refused(`${budget.name} is ${decimal(current)} already.`, 'Name a higher amount.', 'not-higher');
      if (wanted.greaterThan(decimal(current).times(10)))
        throw new Refused(
          `${wanted} is more than ten times ${decimal(current)}.`,
          'Is there a digit too many? Change wardroom.yaml for that.',
          'too-high',
        );
    },
    async raise(
      tx: Tx,
      of: { budget: Budget; amount: Amount; reason: string; askedBy: string; approvedBy: string },
    ): Promise<void> {
      await tx
        .insertInto('cost_raises')
        .values({
          budget: of.budget.id,
          amount: decimal(of.amount).toString(),
          reason: of.reason,
          asked_by: of.askedBy,
          approved_by: of.approvedBy,
          at: clock.now().toString(),
        })
        .execute();
      // What was told was told of another amount: under the new one thresholds may be crossed again.
      await tx.deleteFrom('cost_told').where('budget', '=', of.budget.id).execute();
      await outbox.refresh(tx, `budget:${of.budget.id}`);
    },
  };
}
