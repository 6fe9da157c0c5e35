import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../../services/core/clock.ts';
import type { Ids } from '../../../services/core/ids.ts';
import type { Message } from './facts.ts';
import type { Incoming } from './wire.ts';
import { mriOf, type Place, type SandboxPerson, type World } from './world.ts';

/**
 * The activities Teams sends to a bot. The shapes follow recorded ones (installation, conversation update, message,
 * invoke, submit) and Microsoft Learn's "Messages in bot conversations" and "Conversation events in your Teams bot".
 */
export interface Activities {
  message(message: Message, person: SandboxPerson, place: Place, entities: unknown[]): Incoming;
  /** `Action.Submit`: a message without text, about the card's message. */
  submit(card: Message, person: SandboxPerson, place: Place, value: unknown, text?: string): Incoming;
  invoke(about: Message, person: SandboxPerson, place: Place, name: string, value: unknown): Incoming;
  /** What the message extension is asked; it needs no bot in the conversation. */
  extension(person: SandboxPerson, place: Place, about: Message | undefined, name: string, value: unknown): Incoming;
  reaction(about: Message, person: SandboxPerson, place: Place, reaction: string, on: boolean): Incoming;
  /** installationUpdate, and for an addition the conversationUpdate that follows it. */
  installation(place: Place, person: SandboxPerson, action: 'add' | 'remove'): Incoming[];
}

export interface ActivityOptions {
  world: World;
  clock: Clock;
  ids: Ids;
  serviceUrl: () => string;
}

const LOCALE = 'en-US';

export function createActivities({ world, clock, ids, serviceUrl }: ActivityOptions): Activities {
  const tenant = { id: world.team.tenantId };

  const conversation = (place: Place, root?: string): Incoming['conversation'] => ({
    ...(place.kind === 'personal' ? {} : { isGroup: true }),
    conversationType: place.kind === 'group' ? 'groupChat' : place.kind,
    tenantId: world.team.tenantId,
    id: place.kind === 'channel' && root ? `${place.id};messageid=${root}` : place.id,
    ...(place.kind === 'personal' ? {} : { name: place.name }),
  });

  const clientInfo = (person: SandboxPerson) => ({
    type: 'clientInfo',
    locale: LOCALE,
    country: 'US',
    platform: 'Web',
    timezone: person.zone ?? 'UTC',
  });

  const channelData = (place: Place, extra: object = {}) =>
    place.kind === 'channel'
      ? {
          teamsChannelId: place.id,
          teamsTeamId: world.team.id,
          channel: { id: place.id },
          team: { id: world.team.id },
          tenant,
          ...extra,
        }
      : { tenant, ...extra };

  const envelope = (type: string, place: Place, person: SandboxPerson, root?: string): Incoming => {
    const now = clock.now();
    const zone = person.zone ?? 'UTC';
    return {
      type,
      id: `f:${ids.uuid()}`,
      timestamp: now.toString(),
      localTimestamp: localTime(now, zone),
      localTimezone: zone,
      serviceUrl: serviceUrl(),
      channelId: 'msteams',
      from: { id: mriOf(person.id), name: person.name, aadObjectId: person.entraId },
      conversation: conversation(place, root),
      recipient: { id: world.bot.id, name: world.bot.name },
      locale: LOCALE,
      entities: [clientInfo(person)],
      channelData: channelData(place),
    };
  };

  /** Events name their sender by id only. */
  const event = (type: string, place: Place, person: SandboxPerson, data: object): Incoming => ({
    ...envelope(type, place, person),
    from: { id: mriOf(person.id), aadObjectId: person.entraId },
    entities: [{ type: 'clientInfo', locale: LOCALE }],
    channelData: data,
  });

  const teamInfo = { id: world.team.id, name: world.team.name, aadGroupId: world.team.groupId };

  return {
    message: (message, person, place, entities) => ({
      ...envelope('message', place, person, message.root),
      id: message.id,
      text: message.body.text ?? '',
      textFormat: 'plain',
      entities: [...entities, clientInfo(person)],
      ...(message.body.attachments ? { attachments: message.body.attachments } : {}),
      ...(message.root === message.id ? {} : { replyToId: message.root }),
    }),

    submit: (card, person, place, value, text) => ({
      ...envelope('message', place, person, card.root),
      ...(text === undefined ? {} : { text, textFormat: 'plain' }),
      channelData: channelData(place, { source: { name: 'message' } }),
      replyToId: card.id,
      value,
    }),

    invoke: (about, person, place, name, value) => ({
      ...envelope('invoke', place, person, about.root),
      channelData: channelData(place, { source: { name: 'message' } }),
      replyToId: about.id,
      name,
      value,
    }),

    extension: (person, place, about, name, value) => ({
      ...envelope('invoke', place, person, about?.root),
      channelData: channelData(place, { source: { name: about ? 'message' : 'compose' } }),
      name: `composeExtension/${name}`,
      value,
    }),

    reaction: (about, person, place, reaction, on) => ({
      ...event('messageReaction', place, person, channelData(place)),
      conversation: conversation(place, about.root),
      replyToId: about.id,
      [on ? 'reactionsAdded' : 'reactionsRemoved']: [{ type: reaction }],
    }),

    installation(place, person, action) {
      const settings = { settings: { selectedChannel: { id: place.id } } };
      const inTeam = place.kind === 'channel' ? { team: teamInfo, channel: { id: place.id } } : {};
      const installation = {
        ...event('installationUpdate', place, person, { tenant, ...inTeam, source: { name: 'message' }, ...settings }),
        action,
      };
      if (action === 'remove') return [installation];
      const update = {
        ...event('conversationUpdate', place, person, {
          tenant,
          ...(place.kind === 'channel' ? { ...inTeam, eventType: 'teamMemberAdded', ...settings } : {}),
        }),
        membersAdded: [
          ...(place.kind === 'personal' ? [{ id: mriOf(person.id), aadObjectId: person.entraId }] : []),
          { id: world.bot.id },
        ],
      };
      return [installation, update];
    },
  };
}

const localTime = (now: Temporal.Instant, zone: string): string =>
  now.toZonedDateTimeISO(zone).toString({ timeZoneName: 'never', smallestUnit: 'millisecond' });
