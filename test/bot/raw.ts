import type { House } from '../house.ts';

/** What Teams posts to the bot, for what the Room's people cannot do: activities delivered twice, forged or broken. */
export const activity = (house: Pick<House, 'url'>, more: object = {}): Record<string, unknown> => ({
  type: 'message',
  id: '1795442700999',
  channelId: 'msteams',
  serviceUrl: `${house.url}/connector/`,
  from: { id: '29:ann', name: 'Ann Berg', aadObjectId: entraId('ann') },
  recipient: { id: '28:wardroom', name: 'Wardroom' },
  conversation: { id: 'a:ann', conversationType: 'personal', tenantId: '7d0c2b64-5f0e-4c1f-8f57-2a4f6f1ce001' },
  ...more,
});

const PEOPLE = ['ann', 'ben', 'cara', 'dev', 'eva', 'finn', 'gita', 'hugo', 'ines', 'jon', 'kim', 'lea', 'max'];

export const entraId = (person: string): string =>
  `00000000-0000-4000-8000-0000000000${(PEOPLE.indexOf(person) + 1).toString(16).padStart(2, '0')}`;

export const from = (person: string) => ({ from: { id: `29:${person}`, aadObjectId: entraId(person) } });

export const press = (verb: unknown, data: unknown) => ({
  type: 'invoke',
  name: 'adaptiveCard/action',
  value: { action: { type: 'Action.Execute', verb, data }, trigger: 'manual' },
});

export const deliver = async (house: Pick<House, 'url'>, body: unknown, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${house.url}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, text, body: text.startsWith('{') ? JSON.parse(text) : undefined };
};
