import type { Card } from '../cards/card.ts';
import type { Actor, Answer, AnyCapability, Place, Turn } from '../dialogs/capability.ts';
import type { Rooms } from '../dialogs/rooms.ts';
import type { Audit } from '../services/core/audit.ts';
import type { Clock } from '../services/core/clock.ts';
import { isRefused, messageOf, Refused, Unavailable } from '../services/core/errors.ts';
import type { Ids } from '../services/core/ids.ts';
import { type Log, withTurn } from '../services/core/log.ts';
import type { Metrics } from '../services/core/metrics.ts';
import type { Outbox } from '../services/core/outbox.ts';
import type { Store, Tx } from '../services/store/store.ts';
import { authorize } from './authorize.ts';
import { CANCEL, CONFIRM, type Confirmations } from './confirm.ts';
import type { Ledger } from './ledger.ts';
import type { Registry } from './registry.ts';
import { type HeardMention, understand } from './understand.ts';

/** Something a person said, clicked or asked for in the terminal. */
export interface Said {
  /** The same on redelivery. */
  key: string;
  /** The person, recognised by the Entra id of the validated activity; undefined when nobody is known by it. */
  person: string | undefined;
  place: Place;
  text?: string;
  mentions?: readonly HeardMention[];
  verb?: string;
  data?: Record<string, unknown>;
  /** Typed in a chat: a kept answer is posted there by the outbox, in the transaction of the change. */
  reply?: { to?: string };
  /** The terminal's `--yes`: the preview was shown, or the caller does not want one. */
  confirmed?: boolean;
}

export interface Result {
  kind: 'answer' | 'confirm' | 'refused' | 'failed' | 'unknown' | 'form' | 'duplicate';
  text: string;
  card?: Card;
  data?: unknown;
  live?: Answer['live'];
  mentions?: Answer['mentions'];
  capability?: string;
  /** It was written down with the change, and is in the outbox where it was asked for in a chat. */
  kept?: boolean;
}

export type Dispatch = (said: Said) => Promise<Result>;

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
  /** After a commit: jobs and messages may be due. */
  committed: () => void;
}

/** seen → parse → authorize → validate → confirm → run → audit → answer; every way in comes through here. */
export function dispatch(deps: DispatchDeps): Dispatch {
  const { registry, store, clock, ids, log, metrics, audit, ledger, confirmations } = deps;

  return (said) =>
    withTurn(said.key, async () => {
      const started = clock.monotonic();
      let result: Result;
      try {
        result = await handle(said);
      } catch (error) {
        result = await failed(said, error);
      }
      metrics.turns.inc({ capability: result.capability ?? 'none', outcome: result.kind });
      metrics.turnSeconds.observe({ capability: result.capability ?? 'none' }, (clock.monotonic() - started) / 1000);
      return result;
    });

  async function handle(said: Said): Promise<Result> {
    const rooms = deps.rooms();
    const members = await rooms.people.members();
    const actor = actorOf(said.person, members);
    const allowed = () => (actor ? registry.allowedFor(actor.roles) : []);
    const base = { key: said.key, place: said.place, now: clock.now(), rooms, allowed };
    if (said.verb === CONFIRM || said.verb === CANCEL) return settled(said, base, actor, members);
    const meant = understand(said, { registry, rooms, actor, allowed: allowed(), now: base.now });
    if (meant.kind !== 'run') return refuse(said, actor, meant.result, meant.capability);
    const { capability } = meant;
    const permission = authorize(capability, actor, members);
    if (!permission.ok || !actor) return refuse(said, actor, refusal(permission), capability.id);
    const input = capability.input.safeParse(meant.input);
    if (!input.success) return refuse(said, actor, invalid(capability, input.error.issues), capability.id);
    const turn = { ...base, actor };
    if (capability.effect === 'read') return read(said, capability, readOnly(turn, capability), input.data);
    if (capability.effect === 'dangerous' && !said.confirmed)
      return ask(said, capability, readOnly(turn, capability), input.data);
    return write(said, capability, turn, input.data);
  }

  async function read(
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
      return refuse(said, turn.actor, { kind: 'refused', text: error.text }, capability.id);
    }
    const entry = { actor: turn.actor.id, action: capability.id, objects: idsIn(input), detail: { input } };
    const first = await ledger.note({ key: said.key, capability: capability.id, actor: turn.actor.id, entry });
    return first ? result : { kind: 'duplicate', text: '', capability: capability.id };
  }

  async function write(
    said: Said,
    capability: AnyCapability,
    turn: Omit<Turn, 'tx'>,
    input: Record<string, unknown>,
    before?: (tx: Tx) => Promise<void>,
  ): Promise<Result> {
    try {
      const prepared = await capability.prepare?.(readOnly(turn, capability), input);
      const result = await store.db.transaction().execute(async (tx) => {
        const claim = await ledger.claim(tx, { key: said.key, capability: capability.id, actor: turn.actor.id });
        if (!claim.first) return { ...(claim.answer as Result), kind: 'duplicate' as const, capability: capability.id };
        await before?.(tx);
        const answer = await capability.run({ ...turn, tx }, input, prepared);
        const objects = [...new Set([...idsIn(input), ...(answer.objects ?? [])])];
        await audit.append(tx, {
          actor: turn.actor.id,
          action: capability.id,
          objects,
          why: answer.why,
          detail: { input, place: turn.place.conversation },
        });
        return keep(tx, said, resultOf(capability, answer));
      });
      deps.committed();
      return result;
    } catch (error) {
      if (!isRefused(error)) throw error;
      return refuse(said, turn.actor, { kind: 'refused', text: error.text }, capability.id);
    }
  }

  /** Looks ahead outside the transaction (Azure may be asked), then keeps the question. */
  async function ask(
    said: Said,
    capability: AnyCapability,
    turn: Turn,
    input: Record<string, unknown>,
  ): Promise<Result> {
    let preview: string;
    try {
      preview = (await capability.preview?.(turn, input)) ?? capability.summary;
    } catch (error) {
      if (!isRefused(error)) throw error;
      return refuse(said, turn.actor, { kind: 'refused', text: error.text }, capability.id);
    }
    return store.db
      .transaction()
      .execute(async (tx) => {
        const claim = await ledger.claim(tx, { key: said.key, capability: capability.id, actor: turn.actor.id });
        if (!claim.first) return { ...(claim.answer as Result), kind: 'duplicate' as const };
        const result = {
          ...(await confirmations.ask(tx, capability, input, turn, preview)),
          capability: capability.id,
        };
        return keep(tx, said, result);
      })
      .then((result) => {
        deps.committed();
        return result;
      });
  }

  /** Stores the answer of a change for a redelivery, and has it posted where it was asked for in a chat. */
  async function keep(tx: Tx, said: Said, result: Result): Promise<Result> {
    await ledger.keep(tx, said.key, result);
    if (said.reply) {
      await deps.outbox.say(tx, {
        key: `answer:${said.key}`,
        kind: 'wardroom.answer',
        ids: { turn: said.key },
        conversation: said.place.conversation,
        ...(said.reply.to ? { replyTo: said.reply.to } : {}),
        priority: 1,
      });
    }
    return { ...result, kept: true };
  }

  async function settled(
    said: Said,
    base: Omit<Turn, 'tx' | 'actor'>,
    actor: Actor | undefined,
    members: Awaited<ReturnType<Rooms['people']['members']>>,
  ): Promise<Result> {
    const id = String(said.data?.['confirmation'] ?? '');
    const yes = said.verb === CONFIRM;
    const row = await store.db
      .selectFrom('confirmations')
      .select(['capability', 'input'])
      .where('id', '=', id)
      .executeTakeFirst();
    const capability = row && registry.get(row.capability);
    if (!row || !capability || !actor) {
      return refuse(
        said,
        actor,
        { kind: 'refused', text: `There is no question ${id.slice(0, 20)} to answer.` },
        said.verb,
      );
    }
    const permission = authorize(capability, actor, members);
    if (!permission.ok) return refuse(said, actor, refusal(permission), capability.id);
    const input = capability.input.safeParse(row.input);
    if (!input.success) return refuse(said, actor, invalid(capability, input.error.issues), capability.id);
    const settle = async (tx: Tx) => void (await confirmations.settle(tx, id, actor, yes));
    if (yes) return write(said, capability, { ...base, actor }, input.data, settle);
    const cancelled = { ...capability, run: async () => ({ text: 'Nothing was done.' }) };
    return write(said, cancelled, { ...base, actor }, input.data, settle);
  }

  async function refuse(said: Said, actor: Actor | undefined, result: Result, capability = 'none'): Promise<Result> {
    const outcome = result.kind === 'unknown' || result.kind === 'form' ? 'ok' : 'refused';
    const who = actor?.id ?? 'unknown';
    const entry = { actor: who, action: capability, objects: [], outcome, why: result.text.slice(0, 500) } as const;
    const first = await ledger.note({ key: said.key, capability, actor: who, entry });
    return first ? { ...result, capability } : { ...result, capability, kind: 'duplicate' };
  }

  async function failed(said: Said, error: unknown): Promise<Result> {
    const reference = ids.reference();
    log.error(
      { reference, said: said.verb ?? 'text', error: messageOf(error), stack: (error as Error).stack },
      'a turn failed',
    );
    const why =
      error instanceof Unavailable
        ? `${error.service} does not answer at the moment. Try again in a minute.`
        : 'Something went wrong on my side; nothing was changed.';
    return { kind: 'failed', text: `${why} (reference ${reference})`, data: { reference } };
  }
}

/** A turn that has no transaction: what only reads cannot write by mistake. */
const readOnly = (turn: Omit<Turn, 'tx'>, capability: AnyCapability): Turn => ({
  ...turn,
  get tx(): Tx {
    throw new Error(`${capability.id} has no transaction here`);
  },
});

const resultOf = (capability: AnyCapability, answer: Answer): Result => ({
  kind: 'answer',
  text: answer.text,
  capability: capability.id,
  ...(answer.card ? { card: answer.card } : {}),
  ...(answer.data === undefined ? {} : { data: answer.data }),
  ...(answer.live ? { live: answer.live } : {}),
  ...(answer.mentions ? { mentions: answer.mentions } : {}),
});

const refusal = (permission: ReturnType<typeof authorize>): Result => ({
  kind: 'refused',
  text: permission.ok ? 'That is not allowed.' : permission.refused.text,
});

const invalid = (capability: AnyCapability, issues: readonly { path: PropertyKey[]; message: string }[]): Result => {
  const what = issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; ');
  return {
    kind: 'refused',
    text: new Refused(`I cannot read that (${what}).`, `For example: ${capability.examples[0]}`).text,
  };
};

function actorOf(
  id: string | undefined,
  members: readonly (Actor & { active: boolean })[] | undefined,
): Actor | undefined {
  const member = members?.find((person) => person.id === id);
  return member && { id: member.id, name: member.name, roles: member.roles, zone: member.zone };
}

/** Ids such as INC-142 and endpoint names in an input: what the entry is about. */
const idsIn = (input: Record<string, unknown>): string[] =>
  Object.entries(input)
    .filter(([field, value]) => typeof value === 'string' && (/^[A-Z]{3}-\d+$/.test(value) || field === 'endpoint'))
    .map(([, value]) => value as string);
