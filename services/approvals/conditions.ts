import { orList, Refused } from '../core/errors.ts';
import type { Tx } from '../store/store.ts';
import { addConditions, CONDITION, type NewCondition, tell } from './conditions.store.ts';
import { type ApprovalsDeps, stateWord } from './requests.deps.ts';
import { conditionsOf, lockRequest } from './requests.store.ts';
import type { Voting } from './votes.ts';

/** Conditions of an approval: each has an owner, a date and, when it is met, a proof; nothing is carried out before. */
export function conditions(deps: ApprovalsDeps, voting: Pick<Voting, 'start' | 'shown'>) {
  const { clock, audit, outbox, jobs, people } = deps;

  jobs.handle(CONDITION, async (tx, batch) => {
    for (const { request, number } of batch as { request: string; number: number }[]) {
      const row = await lockRequest(tx, request);
      const condition = (await conditionsOf(tx, request)).find((each) => each.number === number);
      if (!row || condition?.state !== 'open') continue;
      if (row.state !== 'voting' && row.state !== 'conditional') continue;
      await tell(tx, outbox, request, number, condition.owner, 'due');
      await audit.append(tx, {
        actor: 'wardroom',
        action: 'approvals.condition-overdue',
        objects: [request],
        why: condition.what,
        detail: { number, owner: condition.owner },
      });
      await voting.shown(tx, row);
    }
  });

  return {
    conditionsOf,

    /** A condition that no voter sets but the rules: whatever is voted, it has to be met before anything is carried out. */
    async require(tx: Tx, id: string, condition: NewCondition): Promise<void> {
      const row = await lockRequest(tx, id);
      if (!row) throw new Refused(`There is no request ${id}.`, 'Say “requests” for the list.', 'unknown-request');
      await addConditions(tx, row, 'wardroom', [condition], clock.now(), { outbox, jobs });
      await audit.append(tx, {
        actor: 'wardroom',
        action: 'approvals.condition-required',
        objects: [id],
        why: condition.what,
        detail: { owner: condition.owner, due: condition.due.toString() },
      });
      await voting.shown(tx, row);
    },

    /** The owner, or who set it, says that it is met and what shows it; the last one lets the approval take effect. */
    async meetCondition(
      tx: Tx,
      id: string,
      number: number,
      { by, proof }: { by: string; proof: string },
    ): Promise<{ left: number }> {
      const row = await lockRequest(tx, id);
      if (!row) throw new Refused(`There is no request ${id}.`, 'Say “requests” for the list.', 'unknown-request');
      const all = await conditionsOf(tx, id);
      const condition = all.find((each) => each.number === number);
      if (!condition) {
        const numbers = all.map((each) => each.number).join(', ');
        throw new Refused(`${id} has no condition ${number}.`, numbers ? `It has ${numbers}.` : 'It has none.');
      }
      if (condition.state !== 'open')
        throw new Refused(`Condition ${number} of ${id} is ${condition.state} already.`, `Say “request ${id}”.`);
      if (row.state !== 'voting' && row.state !== 'conditional')
        throw new Refused(`${id} is ${stateWord(row)}: its conditions do not matter any more.`);
      if (by !== condition.owner && by !== condition.set_by) {
        const names = [...new Set([condition.owner, condition.set_by])].map((person) => people.nameOf(person));
        throw new Refused(`That is for ${orList(names)} to say.`, 'Send them what shows that it is met.');
      }
      const now = clock.now();
      await tx
        .updateTable('conditions')
        .set({ state: 'met', proof, met_by: by, met_at: now.toString() })
        .where('request', '=', id)
        .where('number', '=', number)
        .execute();
      if (condition.set_by !== by) await tell(tx, outbox, id, number, condition.set_by, 'met');
      const left = all.filter((each) => each.state === 'open' && each.number !== number).length;
      if (left === 0 && row.state === 'conditional') {
        const reason = 'Every condition of the approval is met.';
        const objects = [id, ...(row.endpoint ? [row.endpoint] : []), ...(row.model ? [row.model] : [])];
        await audit.append(tx, { actor: 'wardroom', action: 'approvals.conditions-met', objects, why: reason });
        await voting.start(tx, row, { at: now, by: 'conditions', reason });
      } else await voting.shown(tx, row);
      return { left };
    },
  };
}
