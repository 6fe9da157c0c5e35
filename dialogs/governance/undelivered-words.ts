import type { Undelivered } from '../../services/core/outbox.ts';
import { channelNamed, type Rooms } from '../rooms.ts';

/** Kinds whose own name says little; of the others it is read as it stands ("handoff", "test page"). */
const KINDS: Readonly<Record<string, string>> = {
  'alerts.incident': 'the card',
  'alerts.page': 'the page',
  'alerts.said': 'a reply',
  'alerts.group': 'a reply',
  'approvals.request': 'the card',
  'windows.change': 'the card',
  'windows.change-note': 'a note',
};
const NUMBERED = /^[A-Z]{2,4}-\d+$/;

/** "the page of INC-101", "a handoff": what did not arrive. */
export function letterWords({ kind, ids }: Pick<Undelivered, 'kind' | 'ids'>): string {
  const named = (kind.split('.').at(-1) ?? kind).replaceAll('-', ' ');
  const what = KINDS[kind] ?? `${/^[aeiou]/.test(named) ? 'an' : 'a'} ${named}`;
  const about = Object.values(ids).find((id) => NUMBERED.test(id));
  return about ? `${what} of ${about}` : what;
}

const ANSWERS: Readonly<Record<string, string>> = {
  MessageWritesBlocked: 'Wardroom is not installed there, or may not write',
  Throttled: 'Teams asked to wait',
  MessageSizeTooBig: 'it is too large for Teams',
  ActivityNotFoundInConversation: 'the message is not there any more',
  ConversationNotFound: 'the conversation is not there any more',
};

/** What the Connector answered, without its JSON; anything else is in words already. */
export function whyWords(why: string): string {
  const answered = /^(\d{3}): (.*)$/s.exec(why);
  if (!answered) return why;
  const [, status = '', body = ''] = answered;
  const code = /"code":\s*"([^"]+)"/.exec(body)?.[1] ?? '';
  const message = /"message":\s*"([^"]+)"/.exec(body)?.[1];
  return `${ANSWERS[code] ?? (Number(status) >= 500 ? 'Teams had a fault of its own' : (message ?? 'Teams refused it'))} (${status})`;
}

/** "Ben Okafor", "the channel Fraud operations": for whom it was. */
export function placeWords(rooms: Rooms, conversation: string): string {
  if (conversation.startsWith('person:')) return rooms.people.nameOf(conversation.slice('person:'.length));
  const channel = channelNamed(rooms, conversation);
  return channel ? `the channel ${channel}` : 'a conversation that wardroom.yaml does not name';
}
