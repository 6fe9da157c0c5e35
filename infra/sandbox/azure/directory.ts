import { type Answer, type Asked, ok } from './answer.ts';

/** Northwind's people and groups in Entra, as Microsoft Graph shows them. Messages are not here: Teams has those. */
const PEOPLE: readonly (readonly [id: string, name: string, active: boolean])[] = [
  ['ann', 'Ann Berg', true],
  ['ben', 'Ben Okafor', true],
  ['cara', 'Cara Lindt', true],
  ['dev', 'Dev Patel', true],
  ['eva', 'Eva Moreau', true],
  ['finn', "Finn O'Hara", true],
  ['gita', 'Gita Rao', true],
  ['hugo', 'Hugo Weiss', true],
  ['ines', 'Inês Duarte', true],
  ['jon', 'Jón Sigurðsson', true],
  ['kim', 'Kim Lee', true],
  ['lea', 'Léa Novák', true],
  ['max', 'Max Stone', false],
];

const entraId = (index: number) => `00000000-0000-4000-8000-0000000000${(index + 1).toString(16).padStart(2, '0')}`;

const users = PEOPLE.map(([id, name, active], index) => {
  const plain = name
    .normalize('NFD')
    .replaceAll(/[^A-Za-z ]/g, '')
    .toLowerCase()
    .replaceAll(' ', '.');
  return {
    key: id,
    body: {
      '@odata.type': '#microsoft.graph.user',
      id: entraId(index),
      displayName: name,
      mail: `${plain}@northwind.example`,
      userPrincipalName: `${plain}@northwind.example`,
      accountEnabled: active,
    },
  };
});

/** Group id to its members; `ml-everyone` holds the others, as nested groups do. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  '10000000-0000-4000-8000-000000000001': ['ann', 'ben', 'hugo', 'dev'],
  '10000000-0000-4000-8000-000000000002': ['gita'],
  '10000000-0000-4000-8000-000000000003': ['cara', 'ines', 'eva'],
  '10000000-0000-4000-8000-000000000004': ['finn', 'dev'],
  '10000000-0000-4000-8000-000000000005': PEOPLE.map(([id]) => id),
};

const PAGE = 10;
const graphError = (status: number, code: string, message: string): Answer => ({
  status,
  body: { error: { code, message, innerError: { 'request-id': 'sandbox' } } },
});

export function directory(asked: Asked): Answer {
  const path = asked.path.replace(/^\/v1\.0/, '');
  const userId = /^\/users\/([^/]+)$/.exec(path)?.[1];
  if (userId !== undefined) {
    const found = users.find(({ body }) => [body.id, body.userPrincipalName].includes(decodeURIComponent(userId)));
    return found ? ok(found.body) : graphError(404, 'Request_ResourceNotFound', `Resource '${userId}' does not exist.`);
  }
  const groupId = /^\/groups\/([^/]+)\/transitivemembers$/.exec(path)?.[1];
  const members = groupId === undefined ? undefined : GROUPS[groupId];
  if (!members) return graphError(404, 'Request_ResourceNotFound', `Resource '${asked.path}' does not exist.`);
  const all = users.filter(({ key }) => members.includes(key)).map(({ body }) => body);
  const from = Number(asked.url.searchParams.get('$skiptoken') ?? 0);
  const next = new URL(asked.url);
  next.searchParams.set('$skiptoken', String(from + PAGE));
  return ok({
    '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#directoryObjects',
    ...(from + PAGE < all.length ? { '@odata.nextLink': next.href } : {}),
    value: all.slice(from, from + PAGE),
  });
}

export const forbidden = (): Answer =>
  graphError(403, 'Forbidden', 'Missing role permissions on the request. ChannelMessage.Read.All is required.');

/** Channel messages, replies and chat messages: the simulated Teams knows those. */
export const isMessages = ({ path }: Asked): boolean => /^\/v1\.0\/(teams|chats)\//.test(path);
