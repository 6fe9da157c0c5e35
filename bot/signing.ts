import { Temporal } from 'temporal-polyfill';
import { summaryOf } from '../cards/parts/card.ts';
import { type SignView, signCard } from '../cards/sign.ts';
import type { AnyCapability, Drawn, Notice, Signing, Turn } from '../dialogs/capability.ts';
import { sha256 } from '../services/core/canonical.ts';
import type { Clock } from '../services/core/clock.ts';
import { Refused } from '../services/core/errors.ts';
import type { Ids } from '../services/core/ids.ts';
import type { Jobs } from '../services/core/jobs.ts';
import type { Outbox } from '../services/core/outbox.ts';
import type { Roster } from '../services/core/roster.ts';
import type { Db, Tx } from '../services/store/store.ts';
import type { Result } from './results.ts';

/** The notice that shows what waits for a signature, where it was asked for. */
export const SIGNATURE = 'wardroom.signature';
const EXPIRE = 'wardroom-signature-expired';
export const VALID_MINUTES = 15;

export type SignatureRow = NonNullable<Awaited<ReturnType<typeof find>>>;

/**
 * Something that counts only once its author has signed in for it: what they want is kept here, they sign in on the page
 * behind an address (bot/sign-in.ts), and dispatch carries it out as if it was said then. Everything is in the database,
 * so a restart between any two steps costs a click.
 */
export interface Signatures {
  /** `typed`: it was asked for in a chat, where the card then lives. */
  ask(tx: Tx, asked: ToBeSigned, typed: boolean): Promise<Result>;
  find(db: Db | Tx, id: string): Promise<SignatureRow | undefined>;
  /** A browser begins: what it must bring back, and the verifier of its code. Throws Refused when it is too late. */
  begin(tx: Tx, id: string): Promise<{ row: SignatureRow; browser: string; verifier: string }>;
  /** Settles the row in the transaction of what was signed; throws Refused when it is settled already, or too late. */
  settle(tx: Tx, id: string): Promise<void>;
  /** What came of it, in words, and what it is now; false when another try had settled it before. */
  note(tx: Tx, id: string, outcome: string, is: 'waiting' | 'refused' | 'done'): Promise<boolean>;
}

export interface ToBeSigned {
  capability: AnyCapability;
  input: Record<string, unknown>;
  turn: Omit<Turn, 'tx'>;
  signing: Signing;
}

export function signatures(deps: {
  clock: Clock;
  ids: Ids;
  outbox: Outbox;
  jobs: Jobs;
  addressOf: (path: string) => string;
}): Signatures {
  const { clock, ids, outbox, jobs, addressOf } = deps;
  const secret = () => `${ids.uuid()}${ids.uuid()}`.replaceAll('-', '');

  jobs.handle(EXPIRE, async (tx, batch) => {
    for (const { signature } of batch as { signature: string }[]) {
      await tx
        .updateTable('signatures')
        .set({ state: 'expired' })
        .where('id', '=', signature)
        .where('state', '=', 'waiting')
        .execute();
      await outbox.refresh(tx, cardOf(signature));
    }
  });

  async function open(tx: Tx, id: string): Promise<SignatureRow> {
    const row = await tx.selectFrom('signatures').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (!row) throw new Refused('There is nothing to sign here.', 'Say again what you want to do.');
    const state = stateOf(row, clock.now());
    if (state !== 'waiting') throw new Refused(CLOSED[state], 'Say it again to sign it anew.', 'closed');
    return row;
  }

  return {
    find,
    async ask(tx, { capability, input, turn, signing }, typed) {
      const id = secret();
      const { statement, about, back } = signing;
      const expires = clock.now().add({ minutes: VALID_MINUTES });
      const replaced = await tx
        .updateTable('signatures')
        .set({ state: 'replaced' })
        .where('actor', '=', turn.actor.id)
        .where('about', '=', about)
        .where('state', '=', 'waiting')
        .returning('id')
        .execute();
      for (const { id: old } of replaced) await outbox.refresh(tx, cardOf(old));
      const row = await tx
        .insertInto('signatures')
        .values({
          id,
          capability: capability.id,
          input: JSON.stringify(input),
          actor: turn.actor.id,
          place: JSON.stringify(turn.place),
          about,
          title: capability.summary,
          statement,
          salt: secret(),
          max_age: signing.maxAge,
          acrs: signing.acrs ?? null,
          state: 'waiting',
          created_at: clock.now().toString(),
          expires_at: expires.toString(),
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await jobs.enqueue(tx, EXPIRE, { signature: id }, { at: expires });
      const address = addressOf(pathOf(id));
      const view = viewOf(row, { by: turn.actor.name, now: clock.now(), address });
      return {
        kind: 'confirm',
        text: `${oneLine(statement)}: it counts once you have signed in for it, within ${VALID_MINUTES} minutes: ${address}`,
        // Where it was clicked the others have their card; where it was typed they may see that something waits, not the way back.
        card: signCard(typed ? view : { ...view, back }),
        data: { statement, address, expires: expires.toString() },
        ...(typed ? { live: { card: cardOf(id), kind: SIGNATURE, ids: { signature: id } } } : {}),
      };
    },

    async begin(tx, id) {
      const row = await open(tx, id);
      const [browser, verifier] = [secret(), secret()];
      await tx
        .updateTable('signatures')
        .set((e) => ({ browser: sha256(browser), verifier, tries: e('tries', '+', 1), outcome: null }))
        .where('id', '=', id)
        .execute();
      return { row, browser, verifier };
    },

    async settle(tx, id) {
      await open(tx, id);
      // What it was begun with is of no more use.
      await tx
        .updateTable('signatures')
        .set({ state: 'done', browser: null, verifier: null })
        .where('id', '=', id)
        .execute();
      await outbox.refresh(tx, cardOf(id));
    },

    async note(tx, id, outcome, is) {
      const noted = await tx
        .updateTable('signatures')
        .set({ outcome, state: is })
        .where('id', '=', id)
        // Of two tries at once the one that counted is told, whichever comes back last.
        .where('state', '=', is === 'done' ? 'done' : 'waiting')
        .returning('id')
        .executeTakeFirst();
      await outbox.refresh(tx, cardOf(id));
      return noted !== undefined;
    },
  };
}

const find = (db: Db | Tx, id: string) =>
  db.selectFrom('signatures').selectAll().where('id', '=', id).executeTakeFirst();

/** Whoever comes late reads what became of it; what they wanted to say, perhaps in secret, is not kept longer. */
export const forgetSignatures = (tx: Tx, before: string) =>
  tx.deleteFrom('signatures').where('expires_at', '<', before).execute();

const cardOf = (signature: string): string => `signature:${signature}`;
const pathOf = (id: string): string => `/sign/${id}`;
const oneLine = (statement: string): string => statement.split('\n').slice(0, 2).join(', ');

/** As it stands now: the job that lets it expire may still be waiting. */
export const stateOf = ({ state, expires_at }: SignatureRow, now: Temporal.Instant): SignatureRow['state'] =>
  state === 'waiting' && Date.parse(expires_at) <= now.epochMilliseconds ? 'expired' : state;

export const CLOSED: Readonly<Record<Exclude<SignatureRow['state'], 'waiting'>, string>> = {
  done: 'That is signed and done already.',
  refused: 'That was refused.',
  replaced: 'You said something else about it since.',
  expired: 'The time to sign it is over; nothing was done.',
};

const viewOf = (
  row: SignatureRow,
  { by, now, address }: { by: string; now: Temporal.Instant; address: string },
): SignView => ({
  title: row.title,
  statement: row.statement,
  state: stateOf(row, now),
  by,
  address,
  until: Temporal.Instant.from(row.expires_at),
  outcome: becameOf(row),
});

/** What came of it, or of the last try; what is replaced or over has nothing to tell of its tries. */
export const becameOf = ({ state, outcome }: SignatureRow): string | undefined =>
  state === 'replaced' || state === 'expired' ? undefined : (outcome ?? undefined);

/** What waits for a signature, as it stands now. */
export async function drawSignature(
  deps: { db: Db; people: Roster; clock: Clock; addressOf: (path: string) => string },
  { ids }: Notice,
): Promise<Drawn | undefined> {
  const row = await find(deps.db, ids['signature'] ?? '');
  if (!row) return undefined;
  const address = deps.addressOf(pathOf(row.id));
  const card = signCard(viewOf(row, { by: deps.people.nameOf(row.actor), now: deps.clock.now(), address }));
  return { card, summary: summaryOf(card) };
}
