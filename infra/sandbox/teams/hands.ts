import type { Clock } from '../../../services/core/clock.ts';
import type { Activities } from './activities.ts';
import { type Answer, answerToAction, answerToTask } from './answers.ts';
import type { BotLine } from './bot-line.ts';
import { type CardAction, chooseAction, rawAction } from './card-actions.ts';
import type { Fact, Message } from './facts.ts';
import { HttpError } from './http.ts';
import { mentionsTyped } from './mentions.ts';
import type { RoomOutcome } from './room-types.ts';
import { readKey } from './state.ts';
import type { Store } from './store.ts';
import type { Views } from './views.ts';
import { CARD, isRecord, textOf } from './wire.ts';
import { isHere, type Place, type SandboxPerson, type World } from './world.ts';

/** What the hands of a person at a Teams client can do. Throws `HttpError` for what the client would not allow. */
export interface Hands {
  /** The message is written down at once; `heard` tells when the bot's turn is over and whether it took it. */
  say(
    who: string,
    conversation: string,
    text: string,
    options?: SayOptions,
  ): { message: Message; heard: Promise<boolean> };
  click(who: string, message: string, action: string | Json, inputs?: Json): Promise<RoomOutcome>;
  /** Submits a dialog that belongs to this message. */
  submit(who: string, message: string, data: unknown): Promise<RoomOutcome>;
  /** The automatic refresh of an own view, when one is due. */
  refresh(who: string, message: string): Promise<Message>;
  react(who: string, message: string, reaction: string): { message: Message; heard: Promise<boolean> };
  feedback(who: string, message: string, reaction: 'like' | 'dislike', text?: string): Promise<RoomOutcome>;
  read(who: string, conversation: string, upTo?: string): Place;
  /** Resolve or refuse with 404/403. */
  personOf(who: string): SandboxPerson;
  placeOf(conversation: string, who: string): Place;
  messageOf(message: string, who: string): Message;
}

export interface SayOptions {
  /** Id of any message of the thread. */
  thread?: string | undefined;
  mentionBot?: boolean | undefined;
  /** A card that the message extension found, dropped into the conversation; the text may then be empty. */
  card?: Json | undefined;
}

type Json = Record<string, unknown>;

export interface HandsOptions {
  store: Store;
  world: World;
  clock: Clock;
  views: Views;
  activities: Activities;
  line: BotLine;
}

const MAX_TEXT = 200_000;

export function createHands({ store, world, clock, views, activities, line }: HandsOptions): Hands {
  const { state } = store;

  const personOf = (who: string): SandboxPerson => {
    const person = world.person(who);
    if (person && isHere(person)) return person;
    const names = world.people.filter(isHere).map(({ id }) => id);
    throw new HttpError(404, 'NoSuchPerson', `nobody is called "${who}"; there are ${names.join(', ')}`);
  };

  const placeOf = (conversation: string, who: string): Place => {
    const place = world.resolve(conversation, who);
    if (!place) {
      const names = world.places.filter(({ kind }) => kind !== 'personal').map(({ key }) => key);
      throw new HttpError(
        404,
        'NoSuchConversation',
        `no conversation "${conversation}"; try personal, ${names.join(', ')}`,
      );
    }
    if (place.members.includes(who)) return place;
    throw new HttpError(403, 'NotAMember', `${who} is not in ${place.name}`);
  };

  const messageOf = (id: string, who: string): Message => {
    const message = state.messages.get(id);
    if (message && views.visible(message, who)) return message;
    throw new HttpError(404, 'NoSuchMessage', `${who} sees no message ${id}`);
  };

  /** The person, the message and where it stands; deleted messages have nothing left to press. */
  const about = (who: string, id: string) => {
    const person = personOf(who);
    const message = messageOf(id, who);
    if (message.deleted) throw new HttpError(409, 'MessageDeleted', `message ${id} was deleted`);
    return { person, message, place: placeOf(message.place, who) };
  };

  const installedAt = (place: Place) => state.installed.get(place.scope) === true;

  const addMessage = (
    place: Place,
    root: string | undefined,
    who: string,
    text: string,
    mentionsBot: boolean,
    card?: Json,
  ) => {
    const typed = mentionsTyped(text, world);
    const atBot = `<at>${world.bot.name}</at>`;
    const prefixed = mentionsBot && !typed.text.includes(atBot);
    const entities = prefixed
      ? [{ type: 'mention', text: atBot, mentioned: { id: world.bot.id, name: world.bot.name } }, ...typed.entities]
      : typed.entities;
    const id = store.nextMessageId();
    const mentioned = typed.entities.flatMap((entity) => {
      const target = isRecord(entity.mentioned) ? world.personBy(textOf(entity.mentioned.id)) : undefined;
      return target && place.members.includes(target.id) && target.id !== who ? [target.id] : [];
    });
    const message: Message = {
      id,
      place: place.id,
      root: root ?? id,
      author: who,
      at: clock.now().toString(),
      body: {
        type: 'message',
        text: prefixed ? `${atBot} ${typed.text}` : typed.text,
        textFormat: 'plain',
        ...(entities.length > 0 ? { entities } : {}),
        ...(card ? { attachments: [{ contentType: CARD, content: card }] } : {}),
      },
      mentions: mentioned,
      revision: 0,
    };
    return { message, entities };
  };

  const say: Hands['say'] = (who, conversation, text, { thread, mentionBot, card } = {}) => {
    const person = personOf(who);
    const place = placeOf(conversation, who);
    if (text.trim() === '' && !card) throw new HttpError(400, 'EmptyMessage', 'text must not be empty');
    if (text.length > MAX_TEXT) throw new HttpError(413, 'MessageSizeTooBig', `at most ${MAX_TEXT} characters`);
    const first = thread === undefined ? undefined : messageOf(thread, who);
    if (first && (place.kind !== 'channel' || first.place !== place.id))
      throw new HttpError(400, 'NoSuchThread', `${thread} is not a thread of ${place.name}`);
    const { message, entities } = addMessage(place, first?.root, who, text, mentionBot === true, card);
    // A bot hears channels and group chats only when it is mentioned there (platform rule without RSC permissions).
    const mentioned = entities.some(({ mentioned: target }) => isRecord(target) && target.id === world.bot.id);
    const hears = installedAt(place) && (place.kind === 'personal' || mentioned);
    const activity = activities.message(message, person, place, entities);
    store.write(
      { kind: 'message', message },
      ...(hears ? [{ kind: 'inbound' as const, activity, message: message.id }] : []),
    );
    return { message, heard: hears ? line.deliver(activity, message.id) : Promise.resolve(false) };
  };

  const post = (activity: ReturnType<Activities['submit']>, ...before: Fact[]): Promise<boolean> => {
    store.write(...before, { kind: 'inbound', activity });
    return line.deliver(activity);
  };

  const settle = (who: string, message: Message, answer: Answer): RoomOutcome => {
    if (answer.kind !== 'card') return answer;
    store.write({ kind: 'view', message: message.id, person: who, view: { card: answer.card, at: clock.ms() } });
    return { kind: 'card', message: views.message(message, who) };
  };

  const execute = async (who: string, id: string, action: CardAction, trigger: 'manual' | 'automatic') => {
    const { person, message, place } = about(who, id);
    const value = {
      action: {
        type: 'Action.Execute',
        id: action.id,
        title: action.title,
        verb: action.verb,
        data: action.data ?? {},
      },
      trigger,
    };
    const base = message.body;
    const reply = await line.invoke(activities.invoke(message, person, place, 'adaptiveCard/action', value));
    const answer = answerToAction(reply);
    // An edit that came while the bot was thinking resets the base card: an automatic view made before it is stale.
    if (trigger === 'automatic' && (answer.kind !== 'card' || message.body !== base)) return undefined;
    return message.deleted ? ({ kind: 'sent' } as const) : settle(who, message, answer);
  };

  const refresh = async (who: string, id: string): Promise<Message> => {
    const { message, place } = about(who, id);
    const card = views.card(message, who);
    if (!installedAt(place) || !views.wantsRefresh(message, who) || !isRecord(card) || !isRecord(card.refresh))
      return message;
    views.refreshAsked(message, who);
    if (isRecord(card.refresh.action)) await execute(who, id, rawAction(card.refresh.action), 'automatic');
    return message;
  };

  const task = async (who: string, id: string, name: 'task/fetch' | 'task/submit', data: unknown) => {
    const { person, message, place } = about(who, id);
    const value = { data, context: { theme: 'default' } };
    return answerToTask(await line.invoke(activities.invoke(message, person, place, name, value)));
  };

  /** `Action.Submit` is what `data.msteams.type` makes of it (Teams cards reference, "Action.Submit"). */
  const submitAction = async (who: string, id: string, data: unknown): Promise<RoomOutcome> => {
    const { person, message, place } = about(who, id);
    const msteams = isRecord(data) && isRecord(data.msteams) ? data.msteams : {};
    switch (msteams.type) {
      case 'task/fetch':
        return task(who, id, 'task/fetch', data);
      case 'imBack':
        await say(who, place.id, textOf(msteams.value), { mentionBot: true, ...threadOf(place, message) }).heard;
        return { kind: 'sent' };
      case 'messageBack': {
        const shown = textOf(msteams.displayText);
        const before: Fact[] = shown
          ? [
              {
                kind: 'message',
                message: addMessage(place, threadOf(place, message).thread, who, shown, false).message,
              },
            ]
          : [];
        await post(activities.submit(message, person, place, msteams.value ?? data, textOf(msteams.text)), ...before);
        return { kind: 'sent' };
      }
      case 'invoke': {
        const value = isRecord(msteams.value) ? msteams.value : {};
        const name = textOf(value.type) || 'invoke';
        return answerToTask(await line.invoke(activities.invoke(message, person, place, name, value)));
      }
      default: {
        const took = await post(activities.submit(message, person, place, data));
        return took ? { kind: 'sent' } : { kind: 'error', code: 'NoAnswer', text: `${world.bot.name} did not answer.` };
      }
    }
  };

  return {
    say,
    personOf,
    placeOf,
    messageOf,

    async click(who, id, wanted, inputs = {}) {
      const { message, place } = about(who, id);
      if (!installedAt(place)) return { kind: 'error', code: 'NotInstalled', text: `${world.bot.name} is not here.` };
      // Whoever presses a button has the card on screen: the automatic refresh has run.
      if (typeof wanted === 'string') await refresh(who, id);
      const action =
        typeof wanted === 'string' ? chooseAction(views.card(message, who), wanted, inputs) : rawAction(wanted, inputs);
      if (action.type === 'Action.Execute') return (await execute(who, id, action, 'manual')) ?? { kind: 'sent' };
      if (action.type === 'Action.Submit') return submitAction(who, id, action.data);
      throw new HttpError(400, 'NoSuchAction', 'only Action.Execute and Action.Submit reach the bot');
    },

    submit: (who, id, data) => task(who, id, 'task/submit', data),

    refresh,

    react(who, id, reaction) {
      const { person, message, place } = about(who, id);
      const on = !(message.reactions?.[reaction] ?? []).includes(who);
      const fact: Fact = { kind: 'reacted', message: id, person: who, reaction, on };
      const hears = message.author === 'bot' && installedAt(place);
      if (!hears) store.write(fact);
      const heard = hears
        ? post(activities.reaction(message, person, place, reaction, on), fact)
        : Promise.resolve(false);
      return { message, heard };
    },

    async feedback(who, id, reaction, text = '') {
      const { person, message, place } = about(who, id);
      const value = {
        actionName: 'feedback',
        actionValue: { reaction, feedback: JSON.stringify({ feedbackText: text }) },
      };
      const reply = await line.invoke(activities.invoke(message, person, place, 'message/submitAction', value));
      return reply.status === 200 ? { kind: 'toast', text: 'Thank you for your feedback.' } : answerToTask(reply);
    },

    read(who, conversation, upTo) {
      personOf(who);
      const place = placeOf(conversation, who);
      const newest = upTo ?? [...(state.places.get(place.id)?.keys() ?? [])].at(-1);
      const before = Number(state.read.get(readKey(who, place.id)) ?? 0);
      if (newest !== undefined && Number(newest) > before)
        store.write({ kind: 'read', place: place.id, person: who, upTo: newest });
      return place;
    },
  };
}

const threadOf = (place: Place, message: Message) => (place.kind === 'channel' ? { thread: message.root } : {});
