import type { Clock } from '../../../services/core/clock.ts';
import type { Message } from './facts.ts';
import { mentionsIn } from './mentions.ts';
import type { RoomAttachment, RoomConversation, RoomMessage, RoomPerson } from './room-types.ts';
import { readKey, type State } from './state.ts';
import { type Attachment, CARD, isRecord, type Outgoing, textOf } from './wire.ts';
import { isHere, mriOf, type Place, type SandboxPerson, type World } from './world.ts';

/** Counting stops here; the Room shows "99+". */
const UNREAD_MAX = 100;
/** "vanish after 24 h" (Microsoft Learn, "Targeted messages"). */
const TARGETED_FOR_MS = 24 * 3_600_000;
/** An automatic refresh fires only when the last answer is older (Universal Actions, "User-specific views"). */
const REFRESH_AFTER_MS = 60_000;
const MAX_REFRESH_PEOPLE = 60;

/** What one person sees; pure functions of the state. */
export interface Views {
  person(person: SandboxPerson): RoomPerson;
  conversation(place: Place, who: string): RoomConversation;
  message(message: Message, who: string): RoomMessage;
  /** Whether this person can see it at all. */
  visible(message: Message, who: string): boolean;
  /** The attachments as this person sees them: the own view takes the place of the card. */
  attachments(message: Message, who: string): Attachment[];
  /** The first card this person sees on it. */
  card(message: Message, who: string): unknown;
  wantsRefresh(message: Message, who: string): boolean;
  /** A refresh was asked for; one that brings no card is not repeated at once either. */
  refreshAsked(message: Message, who: string): void;
}

export function createViews({ state, world, clock }: { state: State; world: World; clock: Clock }): Views {
  /** When whom asked for a refresh; by the message's body, which an edit replaces. */
  const asked = new WeakMap<Outgoing, Map<string, number>>();

  const visible = (message: Message, who: string): boolean => {
    if (!world.place(message.place)?.members.includes(who)) return false;
    if (message.targetedTo === undefined) return true;
    return message.targetedTo === who && clock.ms() - Number(message.id) < TARGETED_FOR_MS;
  };

  const attachments = (message: Message, who: string): Attachment[] => {
    const base = message.body.attachments ?? [];
    const view = message.views?.[who];
    if (!view) return base;
    const at = base.findIndex(({ contentType }) => contentType === CARD);
    return base.map((attachment, index) => (index === at ? { ...attachment, content: view.card } : attachment));
  };

  const card = (message: Message, who: string): unknown =>
    attachments(message, who).find(({ contentType }) => contentType === CARD)?.content;

  const wantsRefresh = (message: Message, who: string): boolean => {
    const seen = card(message, who);
    if (!isRecord(seen) || !isRecord(seen.refresh) || !Array.isArray(seen.refresh.userIds)) return false;
    if (!seen.refresh.userIds.slice(0, MAX_REFRESH_PEOPLE).includes(mriOf(who))) return false;
    const last = Math.max(message.views?.[who]?.at ?? 0, asked.get(message.body)?.get(who) ?? 0);
    return clock.ms() - last >= REFRESH_AFTER_MS;
  };

  const isUnread = (message: Message, who: string): boolean =>
    message.author !== who &&
    !message.deleted &&
    Number(message.id) > Number(state.read.get(readKey(who, message.place)) ?? 0);

  const author = (message: Message): RoomMessage['from'] =>
    message.author === 'bot'
      ? { kind: 'bot', id: 'bot', name: world.bot.name }
      : { kind: 'person', id: message.author, name: world.person(message.author)?.name ?? message.author };

  return {
    visible,
    attachments,
    card,
    wantsRefresh,
    refreshAsked(message, who) {
      asked.set(message.body, (asked.get(message.body) ?? new Map<string, number>()).set(who, clock.ms()));
    },

    person: (person) => ({
      id: person.id,
      name: person.name,
      mri: mriOf(person.id),
      entraId: person.entraId,
      zone: person.zone ?? 'UTC',
      active: isHere(person),
      roles: person.roles ?? [],
    }),

    conversation(place, who) {
      let unread = 0;
      let mentions = 0;
      let last: Message | undefined;
      const newestFirst = [...(state.places.get(place.id)?.values() ?? [])].reverse();
      for (const message of newestFirst) {
        if (!visible(message, who)) continue;
        last ??= message;
        if (Number(message.id) <= Number(state.read.get(readKey(who, place.id)) ?? 0) || unread >= UNREAD_MAX) break;
        if (!isUnread(message, who)) continue;
        unread += 1;
        if (message.mentions.includes(who)) mentions += 1;
      }
      return {
        id: place.id,
        kind: place.kind,
        name: place.name,
        members: [...place.members],
        unread,
        mentions,
        installed: state.installed.get(place.scope) === true,
        ...(last ? { last: { id: last.id, at: last.at, from: author(last).name, preview: preview(last) } } : {}),
      };
    },

    message(message, who) {
      const { body } = message;
      const mentions = mentionsIn({ ...body, attachments: attachments(message, who) }, world);
      return {
        id: message.id,
        conversation: message.place,
        root: message.root,
        from: author(message),
        at: message.at,
        ...(message.editedAt ? { editedAt: message.editedAt } : {}),
        deleted: message.deleted === true,
        text: body.text ?? '',
        textFormat: formatOf(body.textFormat, message.author),
        ...(body.summary ? { summary: body.summary } : {}),
        attachments: attachments(message, who).map(attachmentView),
        ...(body.attachmentLayout === 'carousel' ? { attachmentLayout: 'carousel' } : {}),
        suggestedActions: (body.suggestedActions?.actions ?? []).map((action) => ({
          type: action.type,
          title: textOf(action.title),
          value: action.value,
        })),
        mentions,
        mentionsMe: message.mentions.includes(who),
        unread: isUnread(message, who),
        view: message.views?.[who] ? 'own' : 'everybody',
        refresh: wantsRefresh(message, who),
        ...labels(message),
        targeted: message.targetedTo !== undefined,
        reactions: Object.entries(message.reactions ?? {}).flatMap(([reaction, people]) =>
          people.length > 0 ? [{ reaction, people }] : [],
        ),
        ...(message.failed ? { failed: message.failed } : {}),
        revision: message.revision,
      };
    },
  };
}

const attachmentView = ({ contentType, content, contentUrl, name }: Attachment): RoomAttachment => ({
  contentType,
  ...(content === undefined ? {} : { content }),
  ...(contentUrl === undefined ? {} : { contentUrl }),
  ...(name === undefined ? {} : { name }),
});

/** What people write is plain; a bot's text is Markdown unless it says otherwise. */
function formatOf(given: string | null | undefined, author: string): RoomMessage['textFormat'] {
  if (given === 'plain' || given === 'markdown' || given === 'xml') return given;
  return author === 'bot' ? 'markdown' : 'plain';
}

function preview(message: Message): string {
  if (message.deleted) return 'This message was deleted';
  const text = message.body.summary || message.body.text || (message.body.attachments?.length ? 'sent a card' : '');
  return text.replace(/<\/?at>/g, '').slice(0, 120);
}

/** The AI label, citations and feedback buttons (Microsoft Learn, "Format AI bot messages"). */
function labels(message: Message): Pick<RoomMessage, 'ai' | 'citations' | 'feedback'> {
  const claim = (message.body.entities ?? []).find((entity) => entity.type === 'https://schema.org/Message') ?? {};
  const kinds = (claim as Record<string, unknown>).additionalType;
  const cited = (claim as Record<string, unknown>).citation;
  const data = message.body.channelData ?? {};
  return {
    ai: Array.isArray(kinds) && kinds.includes('AIGeneratedContent'),
    citations: (Array.isArray(cited) ? cited : []).flatMap((citation: unknown) => {
      if (!isRecord(citation) || !isRecord(citation.appearance)) return [];
      const { name, abstract, url } = citation.appearance;
      return [
        {
          position: Number(citation.position),
          name: textOf(name),
          ...(textOf(abstract) ? { abstract: textOf(abstract) } : {}),
          ...(textOf(url) ? { url: textOf(url) } : {}),
        },
      ];
    }),
    feedback: data.feedbackLoopEnabled === true || isRecord(data.feedbackLoop),
  };
}
