import { answerCard } from '../cards/governance/answer.ts';
import { withKey } from '../cards/parts/card.ts';
import type { Drawn, Notice, Place } from '../dialogs/capability.ts';
import type { Clock } from '../services/core/clock.ts';
import { messageOf } from '../services/core/errors.ts';
import type { Log } from '../services/core/log.ts';
import type { Outbox } from '../services/core/outbox.ts';
import type { Roster } from '../services/core/roster.ts';
import type { Store } from '../services/store/store.ts';
import { inTransaction } from '../services/store/transaction.ts';
import { forDialog } from './dialog-card.ts';
import { extension, inDialog } from './extension.ts';
import { LAST_WORDS, turnOf } from './flood.ts';
import type { Lanes } from './lanes.ts';
import type { Ledger } from './ledger.ts';
import type { OwnViewers } from './own-views.ts';
import type { Places } from './places.ts';
import { retireOther } from './repeats.ts';
import { answerKey, answerMessage, type Result } from './results.ts';
import type { Dispatch, Said } from './said.ts';
import { CLAIM_MS, deliveryKey } from './send.ts';
import { asRepeat } from './send-cards.ts';
import {
  type ActionReply,
  type Ears,
  type Inbound,
  type Outgoing,
  SendError,
  type TaskReply,
  type Transport,
} from './wire.ts';

/** After this a person is shown that Wardroom is at work. */
const TYPING_AFTER_MS = 1_500;
/** Teams shows an error after about five seconds. */
const ANSWER_WITHIN_MS = 3_000;
const MOST_REMEMBERED = 10_000;

/** From what Teams delivers to what a person said, and from the result to what Teams shows. */
export function ears(deps: {
  dispatch: Dispatch;
  places: Places;
  viewers: OwnViewers;
  people: Roster;
  store: Store;
  clock: Clock;
  log: Log;
  outbox: Outbox;
  transport: () => Transport;
  lanes: Lanes;
  committed: () => void;
  /** Stores the answer of a turn, for a redelivery and for the outbox. */
  keep: Ledger['keep'];
  welcome: (inbound: Inbound) => Promise<void>;
}): Ears {
  const { dispatch, places, people, store, outbox, log } = deps;
  const elsewhere = extension({ dispatch, people });

  async function saidBy(inbound: Inbound): Promise<Said> {
    const place = await places.seen(inbound.conversation, inbound.from.entraId);
    await deps.viewers.seen(inbound.from);
    if (inbound.verb !== undefined && inbound.replyToId && !inbound.automatic)
      await retireOther({ store, clock: deps.clock }, place, inbound.replyToId, inbound.data);
    const where: Place = {
      conversation: place,
      kind: inbound.conversation.kind,
      ...(inbound.replyToId ? { message: inbound.replyToId } : {}),
    };
    return {
      key: inbound.key,
      person: inbound.from.entraId ? people.byEntraId(inbound.from.entraId)?.id : undefined,
      place: where,
      mentions: inbound.mentions.map(({ id, name }) => mentionOf(people, id, name)),
    };
  }

  async function hearText(inbound: Inbound, say: (out: Outgoing) => Promise<string>): Promise<void> {
    const said = { ...(await saidBy(inbound)), text: inbound.text, reply: replyOf(inbound) };
    const repeated = heardBefore(said.key);
    const { serviceUrl, id, thread } = inbound.conversation;
    const typing = deps.clock.timeout(() => {
      const to = { serviceUrl, conversationId: id, ...(thread ? { thread } : {}) };
      deps
        .transport()
        .typing(to)
        .catch((error) => log.debug({ error: messageOf(error) }, 'typing was not shown'));
    }, TYPING_AFTER_MS);
    try {
      const result = await dispatch(said);
      // A repeat of the same message is none of the flood's.
      const nonsense = !repeated && result.kind === 'unknown' && said.person !== undefined;
      const turn = nonsense ? await turnOf(store.db, said.person ?? '') : 'say';
      if (turn === 'quiet') return;
      const shown = turn === 'last' ? { ...result, text: `${result.text}\n${LAST_WORDS}` } : result;
      await answer(inbound, said, shown, say, repeated);
    } catch (error) {
      // It is delivered again, and then it is not answered yet.
      heard.delete(said.key);
      throw error;
    } finally {
      typing.cancel();
    }
  }

  async function answer(
    inbound: Inbound,
    said: Said,
    result: Result,
    say: (out: Outgoing) => Promise<string>,
    repeated: boolean,
  ): Promise<void> {
    // The answer of a change is in the outbox.
    if (result.kept) return;
    if (result.kind === 'duplicate') {
      // Heard before: by this process, which answers or has answered it, or by one that may have died of it.
      if (!repeated) await entrust(said, result, result.card ? 'perhaps' : 'repeat');
      return;
    }
    const activityId = await posted(said, await offered(inbound, result), say);
    const { live } = result;
    if (live && activityId) {
      await outbox.adopt({ ...live, conversation: said.place.conversation, activityId });
    }
  }

  /** With the views of their own that some of its readers get. */
  async function offered({ conversation }: Inbound, result: Result): Promise<Result> {
    if (!result.card || !result.own || conversation.kind === 'personal') return result;
    const to = { serviceUrl: conversation.serviceUrl, conversationId: conversation.id };
    return { ...result, card: await deps.viewers.offer(result.card, result.own, to) };
  }

  /** At once when Teams' limits leave room; otherwise, or when Teams does not take it, by the outbox. */
  async function posted(
    said: Said,
    result: Result,
    say: (out: Outgoing) => Promise<string>,
  ): Promise<string | undefined> {
    const out = outgoing(result);
    const key = answerKey(said.key);
    try {
      if (!deps.lanes.room(said.place.conversation)) throw new SendError('throttled', 'the windows are full');
      return await say(out.card ? { ...out, card: withKey(out.card, deliveryKey(key)) } : out);
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      // Keeping it for later would keep to whom it belongs.
      if (result.hidden) return undefined;
      log.warn({ kind: error.kind, error: error.message }, 'an answer was not posted at once');
      // What may stand there already is looked for by its key; a line has none, so it says what it may be.
      await entrust(said, result, error.kind !== 'unknown' ? 'no' : out.card ? 'perhaps' : 'repeat');
      return undefined;
    }
  }

  /** The outbox posts the answer: for the first time, unless it is found there, or as what may be a repeat. */
  async function entrust(said: Said, result: Result, posted: 'no' | 'perhaps' | 'repeat'): Promise<void> {
    await inTransaction(store.db, async (tx) => {
      if (result.card) await deps.keep(tx, said.key, result);
      await outbox.say(
        tx,
        answerMessage(said, {
          ids: { turn: said.key, text: result.text, ...(posted === 'repeat' ? { repeat: 'yes' } : {}) },
          posted: posted === 'perhaps' ? 'perhaps' : 'no',
          // Another process may be posting it at this moment.
          ...(result.kind === 'duplicate' && store.kind === 'postgres'
            ? { notBefore: deps.clock.now().add({ milliseconds: CLAIM_MS }) }
            : {}),
        }),
      );
    });
    deps.committed();
  }

  /** Whether this process hears it for the second time; what it heard an hour ago is not delivered again. */
  const heard = new Set<string>();
  function heardBefore(key: string): boolean {
    if (heard.has(key)) return true;
    heard.add(key);
    const [oldest] = heard;
    if (heard.size > MOST_REMEMBERED && oldest !== undefined) heard.delete(oldest);
    return false;
  }

  /** Teams gives up on a click after a few seconds: what takes longer goes on, and its outcome follows as a message. */
  async function act(inbound: Inbound): Promise<Result> {
    const said = { ...(await saidBy(inbound)), verb: inbound.verb ?? '', data: inbound.data };
    const work = dispatch(said);
    return new Promise<Result>((resolve, reject) => {
      const timer = deps.clock.timeout(() => {
        resolve({ kind: 'answer', text: 'I am at work on it; the outcome follows.' });
        work
          .then((result) => follow(said, result))
          .catch((error) => log.error({ error: messageOf(error) }, 'a late answer was lost'));
      }, ANSWER_WITHIN_MS);
      work.then(resolve, reject).finally(() => timer.cancel());
    });
  }

  /** The view of one person, asked for by their client: without one they go on seeing what everybody sees. */
  async function viewFor(inbound: Inbound): Promise<ActionReply> {
    const said = { ...(await saidBy(inbound)), verb: inbound.verb ?? '', data: inbound.data, automatic: true };
    const result = await dispatch(said);
    if (result.kind === 'answer' && result.card) return { kind: 'card', card: result.card };
    return { kind: 'error', status: 400, code: 'no-view', text: result.text };
  }

  /** The cards of a change are edited by the outbox anyway; anything else is told to the person who clicked. */
  async function follow(said: Said, result: Result): Promise<void> {
    if (result.kept || result.hidden || result.kind === 'duplicate' || !said.person) return;
    await inTransaction(store.db, async (tx) => {
      await deps.keep(tx, said.key, result);
      await outbox.say(tx, answerMessage(said, { conversation: `person:${said.person}` }));
    });
    deps.committed();
  }

  return {
    async message(inbound, say) {
      if (inbound.verb !== undefined) {
        // A client without Universal Actions sends the fallback Action.Submit as a message.
        const said = { ...(await saidBy(inbound)), verb: inbound.verb, data: inbound.data, reply: replyOf(inbound) };
        const repeated = heardBefore(said.key);
        return answer(inbound, said, await dispatch(said), say, repeated);
      }
      if (!isForUs(inbound)) return;
      return hearText(inbound, say);
    },
    async action(inbound): Promise<ActionReply> {
      if (inbound.automatic) return viewFor(inbound);
      const result = await act(inbound);
      if (result.card && result.kind !== 'refused' && result.kind !== 'failed')
        return { kind: 'card', card: result.card };
      if (result.kind === 'failed') return { kind: 'error', status: 500, code: 'fault', text: result.text };
      return { kind: 'message', text: result.text };
    },
    async taskFetch(inbound): Promise<TaskReply> {
      const result = await act(inbound);
      if (result.card) return { kind: 'card', title: 'Wardroom', card: forDialog(result.card) };
      return { kind: 'message', text: result.text };
    },
    async taskSubmit(inbound): Promise<TaskReply> {
      const result = await act(inbound);
      if (result.kind === 'confirm' && result.card)
        return { kind: 'card', title: 'Please confirm', card: forDialog(result.card) };
      return inDialog(result, 'Wardroom');
    },
    query: elsewhere.query,
    fetchTask: elsewhere.fetchTask,
    submitAction: elsewhere.submit,
    async installed(inbound, what, name) {
      const first = await places.installed(inbound.conversation, inbound.from.entraId, what, name);
      if (first) await deps.welcome(inbound);
      deps.committed();
    },
  };
}

const summaryLine = (text: string): string => text.split('\n')[0]?.slice(0, 200) || 'Wardroom';

/** Text answers become a plain card where they carry more than a line; a line stays a line. */
export function outgoing(result: Result): Outgoing {
  const summary = summaryLine(result.text);
  const mentions = result.mentions ? { mentions: result.mentions } : {};
  if (result.card) return { card: result.card, summary, ...mentions };
  return { text: result.text, summary, ...mentions };
}

/** The answer of a turn, kept or in the notice itself, drawn for the outbox, which posts cards only (they carry its key). */
export async function drawAnswer(store: Store, ids: Notice['ids']): Promise<Drawn | undefined> {
  const row = await store.db
    .selectFrom('turns')
    .select('answer')
    .where('key', '=', ids['turn'] ?? '')
    .executeTakeFirst();
  const result = (row?.answer as Result | null | undefined) ?? (ids['text'] ? { text: ids['text'] } : undefined);
  if (!result) return undefined;
  const card = ('card' in result && result.card) || answerCard({ text: result.text });
  const drawn = { card, summary: summaryLine(result.text) };
  return ids['repeat'] ? asRepeat(drawn) : drawn;
}

/**
 * In channels and group chats only what mentions the bot. Teams delivers every message there once the app may read back
 * what it posted (ChannelMessage.Read.Group, ChatMessage.Read.Chat): the rest is people talking to each other.
 */
const isForUs = ({ conversation, mentions }: Inbound): boolean =>
  conversation.kind === 'personal' || mentions.some(({ id }) => id.startsWith('28:'));

const replyOf = ({ conversation: { thread } }: Inbound) => (thread ? { to: thread } : {});

function mentionOf(people: Roster, id: string, name: string) {
  if (id.startsWith('28:')) return { id, name, bot: true };
  return { id: people.byMention(id)?.id ?? id, name };
}
