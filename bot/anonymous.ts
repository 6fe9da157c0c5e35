import type { AnyCapability, Turn } from '../dialogs/capability.ts';
import { keyedHash } from '../services/core/canonical.ts';
import { isRefused } from '../services/core/errors.ts';
import type { Ids } from '../services/core/ids.ts';
import type { Store } from '../services/store/store.ts';
import { inTransaction } from '../services/store/transaction.ts';
import type { Ledger } from './ledger.ts';
import { type Result, refused, resultOf } from './results.ts';
import type { Said } from './said.ts';

/**
 * Changes something for somebody who stays unknown. The turn's key, which belongs to one message of one chat, is kept as a
 * keyed hash whose key dies with this process; the record is written by the service, without a name; the answer is not kept.
 */
export function unnamed(deps: { store: Store; ids: Ids; ledger: Ledger; committed: () => void }) {
  const { store, ids, ledger, committed } = deps;
  const secret = ids.uuid();

  return async (
    said: Said,
    capability: AnyCapability,
    turn: Omit<Turn, 'tx'>,
    input: Record<string, unknown>,
  ): Promise<Result> => {
    const nobody = { id: 'anonymous', name: 'somebody', roles: [], zone: 'UTC' };
    const key = `anonymous:${keyedHash(secret, said.key)}`;
    const place = { conversation: '', kind: turn.place.kind };
    try {
      const result = await inTransaction(store.db, async (tx): Promise<Result> => {
        const claim = await ledger.claim(tx, { key, capability: capability.id, actor: nobody.id });
        if (!claim.first) return { kind: 'answer', text: 'I have it already.', capability: capability.id };
        return resultOf(capability, await capability.run({ ...turn, key, actor: nobody, place, tx }, input, undefined));
      });
      committed();
      return { ...result, hidden: true };
    } catch (error) {
      if (!isRefused(error)) throw error;
      return { ...refused(error), capability: capability.id, hidden: true };
    }
  };
}
