import type { Actor, AnyCapability, Turn } from '../dialogs/capability.ts';
import type { ReadData } from '../dialogs/form.ts';
import type { Rooms } from '../dialogs/rooms.ts';
import type { Audit } from '../services/core/audit.ts';
import type { Clock } from '../services/core/clock.ts';
import { isRefused, messageOf } from '../services/core/errors.ts';
import type { Ids } from '../services/core/ids.ts';
import { type Log, withTurn } from '../services/core/log.ts';
import type { Metrics } from '../services/core/metrics.ts';
import type { Outbox } from '../services/core/outbox.ts';
import { type Span, type Traced, untraced } from '../services/core/traces.ts';
import type { Store, Tx } from '../services/store/store.ts';
import { inTransaction } from '../services/store/transaction.ts';
import { unnamed } from './anonymous.ts';
import { authorize } from './authorize.ts';
import { type Chosen, chosenFor, labelled } from './chosen.ts';
import { answerIn, type Confirmations, unknownQuestion } from './confirm.ts';
import type { Ledger } from './ledger.ts';
import type { ParseContext } from './parse.ts';
import { readData } from './parse-field.ts';
import type { Planner } from './planner.ts';
import type { Registry } from './registry.ts';
import {
  actorOf,
  again,
  answerMessage,
  idsIn,
  invalid,
  previewOf,
  type Result,
  readOnly,
  refusal,
  refused,
  resultOf,
  whyFailed,
} from './results.ts';
import type { Dispatch, Said, Signed } from './said.ts';
import type { Signatures, ToBeSigned } from './signing.ts';
import { hearingOf, understand } from './understand.ts';

export interface DispatchDeps {
  registry: Registry;
  rooms: () => Rooms;
  store: Store;
  clock: Clock;
  ids: Ids;
  log: Log;
  metrics: Metrics;
  audit: Audit;
  outbox: Outbox;
  ledger: Ledger;
  confirmations: Confirmations;
  signatures: Signatures;
  /** After a commit: jobs and messages may be due. */
  committed: () => void;
  traced?: Traced;
  /** For words that no phrase came near; without it they are not understood. */
  planner?: Planner | undefined;
}

const NO_VIEW: Result = { kind: 'refused', text: 'A view of a card changes nothing.' };

/** seen → parse → authorize → validate → confirm → run → audit → answer; every way in comes through here. */
export function dispatch(deps: DispatchDeps): Dispatch {
  const {
    registry,
    store,
    clock,
    ids,
    log,
    metrics,
    audit,
    ledger,
    confirmations,
    signatures,
    traced = untraced,
  } = deps;

  const anonymous = unnamed({ store, ids, ledger, committed: deps.committed });

  return (said) =>
    withTurn(said.key, () => traced('turn', { 'wardroom.turn': said.key }, (span) => hear(said, span), { own: true }));

  async function hear(said: Said, span: Span): Promise<Result> {
    const started = clock.monotonic();
    let result: Result;
    try {
      result = await handle(said);
    } catch (error) {
      result = await failed(said, error);
    }
    metrics.turns.inc({ capability: result.capability ?? 'none', outcome: result.kind });
    metrics.turnSeconds.observe({ capability: result.capability ?? 'none' }, (clock.monotonic() - started) / 1000);
    if (result.capability && result.capability !== 'none') span.rename(result.capability);
    if (result.kind === 'failed') span.failed(result.text);
    span.note({ 'wardroom.outcome': result.kind, 'wardroom.place': said.place.kind });
    return result;
  }

  async function handle(said: Said): Promise<Result> {
    const rooms = deps.rooms();
    const members = await rooms.people.members();
    const actor = actorOf(said.person, members);
    const allowed = () => (actor ? registry.allowedFor(actor.roles) : []);
    const now = clock.now();
    const context = { registry, rooms, actor, allowed: allowed(), now };
    const read: ReadData = (capability, data) => readData(capability, data, hearingOf(said, context));
    const base = { key: said.key, place: said.place, now, rooms, allowed, read };
    if (said.signed) return carriedOut(said, said.signed, base, actor, members);
    const reply = answerIn(said);
    if (reply) return settled(said, reply, base, actor, members);
    const meant = understand(said, context);
    if (meant.kind === 'stop') {
      const chosen = await chosenOf(said, meant, actor, hearingOf(said, context));
      if (chosen && actor) return carryOut(said, chosen, { ...base, actor }, members);
      return refuse(said, actor, meant.result, meant.capability);
    }
    const { capability } = meant;
    const permission = authorize(capability, actor, members);
    if (!permission.ok || !actor) return refuse(said, actor, refusal(permission), capability.id);
    const input = capability.input.safeParse(meant.input);
    if (!input.success) return refuse(said, actor, invalid(capability, input.error.issues), capability.id);
    const turn = { ...base, actor };
    if (capability.effect === 'read') return look(said, capability, readOnly(turn, capability), input.data);
    if (said.automatic) return refuse(said, actor, NO_VIEW, capability.id);
    // Whether a second person is needed may depend on what is asked for: then `ask` finds out.
    const asks = capability.effect === 'dangerous' && (!said.confirmed || capability.secondPerson || capability.second);
    if (asks) return ask(said, capability, turn, input.data, members);
    return capability.anonymous
      ? anonymous(said, capability, turn, input.data)
      : write(said, capability, turn, input.data);
  }

  async function chosenOf(said: Said, meant: { lost?: boolean }, actor: Actor | undefined, hearing: ParseContext) {
    const { planner } = deps;
    if (!meant.lost || !planner || !actor || !said.text) return undefined;
    return chosenFor({ planner, registry, log }, said.text, actor, hearing);
  }

  /** What a model chose: a question is answered, and whatever changes something is asked about first. */
  async function carryOut(
    said: Said,
    { capability, input, label }: Chosen,
    turn: Omit<Turn, 'tx'>,
    members: Members,
  ): Promise<Result> {
    const permission = authorize(capability, turn.actor, members);
    if (!permission.ok) return refuse(said, turn.actor, refusal(permission), capability.id);
    // A question that is kept would keep who asked it: it has to be said in the capability's own words.
    if (capability.anonymous) return refuse(said, turn.actor, invalid(capability, []), capability.id);
    const checked = capability.input.safeParse(input);
    if (!checked.success) return refuse(said, turn.actor, invalid(capability, checked.error.issues), capability.id);
    const inside = readOnly(turn, capability);
    if (await capability.sealed?.(inside, checked.data))
      return refuse(said, turn.actor, invalid(capability, []), capability.id);
    if (capability.effect !== 'read') return ask(said, capability, turn, checked.data, members, `${label} `);
    return labelled(await look(said, capability, inside, checked.data), label);
  }

  async function look(
    said: Said,
    capability: AnyCapability,
    turn: Turn,
    input: Record<string, unknown>,
  ): Promise<Result> {
    let result: Result;
    try {
      result = resultOf(capability, await capability.run(turn, input, await capability.prepare?.(turn, input)));
    } catch (error) {
      if (!isRefused(error)) throw error;
      return refuse(said, turn.actor, refused(error), capability.id);
    }
    if (said.automatic) return result;
    const entry = { actor: turn.actor.id, action: capability.id, objects: idsIn(input), detail: { input } };
    const first = await ledger.note({ key: said.key, capability: capability.id, actor: turn.actor.id, entry });
    return first ? result : { ...result, kind: 'duplicate' };
  }

  async function write(
    said: Said,
    capability: AnyCapability,
    turn: Omit<Turn, 'tx'>,
    input: Record<string, unknown>,
    confirmed?: { id: string; asked: string; yes: boolean; settle: (tx: Tx) => Promise<void> },
  ): Promise<Result> {
    let sealed: Record<string, unknown> | undefined;
    try {
      sealed = await capability.sealed?.(readOnly(turn, capability), input);
      const signing = turn.proof ? undefined : await capability.signs?.(readOnly(turn, capability), input);
      if (signing) return await toSign(said, { capability, input, turn, signing }, sealed ?? input, confirmed?.settle);
      const prepared = await capability.prepare?.(readOnly(turn, capability), input);
      const result = await inTransaction(store.db, async (tx) => {
        const claim = await ledger.claim(tx, { key: said.key, capability: capability.id, actor: turn.actor.id });
        if (!claim.first) return again(claim.answer, capability.id);
        await confirmed?.settle(tx);
        const answer = await capability.run({ ...turn, tx }, input, prepared);
        const objects = [...new Set([...idsIn(input), ...(answer.objects ?? [])])];
        await audit.append(tx, {
          actor: turn.actor.id,
          action: confirmed?.yes === false ? `${capability.id}.cancelled` : capability.id,
          objects,
          why: sealed ? undefined : answer.why,
          detail: {
            input: sealed ?? input,
            ...answer.record,
            place: turn.place.conversation,
            ...(confirmed ? { confirmation: confirmed.id, asked: confirmed.asked } : {}),
          },
        });
        return keep(tx, said, resultOf(capability, answer));
      });
      deps.committed();
      return result;
    } catch (error) {
      if (!isRefused(error)) throw error;
      if (error.afterwards) await inTransaction(store.db, error.afterwards).then(deps.committed);
      return refuse(said, turn.actor, refused(error), capability.id, sealed && 'sealed');
    }
  }

  /** Keeps what is to be signed; nothing counts before its author comes back with a proof. */
  async function toSign(
    said: Said,
    asked: ToBeSigned,
    kept: Record<string, unknown>,
    settle?: (tx: Tx) => Promise<void>,
  ): Promise<Result> {
    const { capability, input, turn } = asked;
    const result = await inTransaction(store.db, async (tx) => {
      const claim = await ledger.claim(tx, { key: said.key, capability: capability.id, actor: turn.actor.id });
      if (!claim.first) return again(claim.answer, capability.id);
      await settle?.(tx);
      const waiting = await signatures.ask(tx, asked, said.reply !== undefined);
      await audit.append(tx, {
        actor: turn.actor.id,
        action: `${capability.id}.to-sign`,
        objects: idsIn(input),
        detail: { input: kept, place: said.place.conversation },
      });
      return keep(tx, said, { ...waiting, capability: capability.id });
    });
    deps.committed();
    return result;
  }

  /** What was signed is carried out as if it was said now: whoever may not do it any more, may not. */
  async function carriedOut(
    said: Said,
    { capability: name, input, proof, settle }: Signed,
    base: Omit<Turn, 'tx' | 'actor'>,
    actor: Actor | undefined,
    members: Members,
  ): Promise<Result> {
    const capability = registry.get(name);
    if (!capability || !actor) return refuse(said, actor, refused(unknownQuestion(said.key)));
    const permission = authorize(capability, actor, members);
    if (!permission.ok) return refuse(said, actor, refusal(permission), capability.id);
    const checked = capability.input.safeParse(input);
    if (!checked.success) return refuse(said, actor, invalid(capability, checked.error.issues), capability.id);
    const turn = { ...base, actor, proof };
    return write(said, capability, turn, checked.data, { id: said.key, asked: actor.id, yes: true, settle });
  }

  /** Looks ahead outside the transaction (Azure may be asked), then keeps the question. */
  async function ask(
    said: Said,
    capability: AnyCapability,
    bare: Omit<Turn, 'tx'>,
    input: Record<string, unknown>,
    members: Members,
    /** Stands before the preview: what a model understood. */
    label = '',
  ): Promise<Result> {
    const turn = readOnly(bare, capability);
    let shown: Awaited<ReturnType<typeof previewOf>>;
    try {
      shown = await previewOf(capability, turn, input);
      // What a model understood is asked about whatever the person said beforehand.
      if (said.confirmed && !shown.secondPerson && !label) return write(said, capability, bare, input);
    } catch (error) {
      if (!isRefused(error)) throw error;
      return refuse(said, turn.actor, refused(error), capability.id);
    }
    const { secondPerson } = shown;
    const preview = label + shown.text;
    const { conversation, kind } = said.place;
    // A click in a place of several people: the others must see the question, not only the answer to the click.
    const here = said.reply || kind === 'channel' || kind === 'group' ? [conversation] : [];
    const others = secondPerson ? (members ?? []).filter((one) => one.id !== turn.actor.id) : [];
    const asked = others.filter((one) => authorize(capability, one, members).ok).map(({ id }) => `person:${id}`);
    const where = [...new Set([...here, ...asked])];
    const result = await inTransaction(store.db, async (tx): Promise<Result> => {
      const claim = await ledger.claim(tx, { key: said.key, capability: capability.id, actor: turn.actor.id });
      if (!claim.first) return again(claim.answer, capability.id);
      const question = { capability, input, turn, preview, secondPerson };
      const waiting = await confirmations.ask(tx, question, where, said.reply?.to);
      const kept = { ...waiting, capability: capability.id };
      await audit.append(tx, {
        actor: turn.actor.id,
        action: `${capability.id}.asked`,
        objects: idsIn(input),
        detail: { input, preview, place: conversation },
      });
      await ledger.keep(tx, said.key, kept);
      return { ...kept, kept: true };
    });
    deps.committed();
    return result;
  }

  /** Stores the answer of a change for a redelivery, and has it posted where it was asked for in a chat. */
  async function keep(tx: Tx, said: Said, result: Result): Promise<Result> {
    await ledger.keep(tx, said.key, result);
    const { conversation, kind } = said.place;
    // A card that lives is posted as itself, also when a click asked for it: what is still to come shows on it.
    // What was signed shows on the card that waited for it.
    if (result.live && kind !== 'console' && !said.signed) {
      const to = said.reply?.to ? { replyTo: said.reply.to } : {};
      await deps.outbox.show(tx, { ...result.live, conversation, priority: 1, ...to });
    } else if (said.reply) await deps.outbox.say(tx, answerMessage(said));
    return { ...result, kept: true };
  }

  /** The yes or no to a stored question. */
  async function settled(
    said: Said,
    { id, yes }: { id: string; yes: boolean },
    base: Omit<Turn, 'tx' | 'actor'>,
    actor: Actor | undefined,
    members: Members,
  ): Promise<Result> {
    const row = await store.db.selectFrom('confirmations').selectAll().where('id', '=', id).executeTakeFirst();
    const capability = row && registry.get(row.capability);
    if (!row || !capability || !actor) return refuse(said, actor, refused(unknownQuestion(id)));
    const permission = authorize(capability, actor, members);
    if (!permission.ok) return refuse(said, actor, refusal(permission), capability.id);
    const input = capability.input.safeParse(row.input);
    if (!input.success) return refuse(said, actor, invalid(capability, input.error.issues), capability.id);
    const askedBy = actorOf(row.actor, members);
    const settle = (tx: Tx) => confirmations.settle(tx, id, actor, yes);
    const confirmed = { id, asked: row.actor, yes, settle };
    if (!yes) {
      const cancelled = {
        ...capability,
        signs: async () => undefined,
        prepare: async () => undefined,
        run: async () => ({ text: 'Nothing was done.' }),
      };
      return write(said, cancelled, { ...base, actor }, input.data, confirmed);
    }
    // Who asked must still be allowed to, and what was shown must still be what would happen.
    const still = authorize(capability, askedBy, members);
    if (!still.ok || !askedBy) return refuse(said, actor, refusal(still), capability.id);
    const turn = { ...base, actor, askedBy };
    if (row.state === 'waiting') {
      try {
        const { text: now } = await previewOf(capability, readOnly(turn, capability), input.data);
        // What a model understood stands before it.
        if (!row.preview.endsWith(now)) {
          const text = `What would happen now is not what was shown: ${now} Ask again.`;
          return refuse(said, actor, { kind: 'refused', text }, capability.id);
        }
      } catch (error) {
        if (!isRefused(error)) throw error;
        return refuse(said, actor, refused(error), capability.id);
      }
    }
    return write(said, capability, turn, input.data, confirmed);
  }

  async function refuse(
    said: Said,
    actor: Actor | undefined,
    result: Result,
    capability = 'none',
    /** For the record. */
    why = result.text.slice(0, 500),
  ): Promise<Result> {
    // That somebody tried to say something without a name is not written beside their name.
    if (registry.get(capability)?.anonymous) return { ...result, capability, hidden: true };
    if (said.automatic) return { ...result, capability };
    const outcome = result.kind === 'unknown' || result.kind === 'form' ? 'ok' : 'refused';
    const who = actor?.id ?? 'unknown';
    const entry = { actor: who, action: capability, objects: [], outcome, why } as const;
    const first = await ledger.note({ key: said.key, capability, actor: who, entry });
    return first ? { ...result, capability } : { ...result, capability, kind: 'duplicate' };
  }

  async function failed(said: Said, error: unknown): Promise<Result> {
    const reference = ids.reference();
    log.error(
      { reference, said: said.verb ?? 'text', error: messageOf(error), stack: (error as Error).stack },
      'a turn failed',
    );
    return { kind: 'failed', text: `${whyFailed(error)} (reference ${reference})`, data: { reference } };
  }
}

type Members = Awaited<ReturnType<Rooms['people']['members']>>;
