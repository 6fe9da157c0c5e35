/** What an outsider can do to a house: by HTTP through the sandbox's control API. */
export interface Driven {
  url: string;
  event(name: string, more?: object): Promise<unknown>;
  advance(by: string): Promise<void>;
  fault(body: object): Promise<unknown>;
  say(as: string, conversation: string, text: string): Promise<unknown>;
  /** `action` is a button's title, or what a forged client would send. */
  click(as: string, message: string, action: string | object, inputs?: object): Promise<Outcome>;
  /** What a client does with a card that is on this person's screen: asks for their own view, if there is one. */
  look(as: string, message: string): Promise<Message>;
  hook(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Messages of a conversation, as this person sees them. */
  messages(as: string, conversation: string): Promise<Message[]>;
  transcript(after?: number): Promise<Call[]>;
}

export interface Message {
  id: string;
  root: string;
  text: string;
  summary?: string;
  deleted: boolean;
  editedAt?: string;
  attachments: { content?: unknown }[];
  from: { kind: string; id: string };
  mentionsMe: boolean;
}

export interface Outcome {
  outcome: { kind: string; text?: string; message?: Message };
}

export interface Call {
  number: number;
  at: string;
  operation: string;
  conversation?: string;
  status: number;
  activity?: { summary?: string; text?: string };
  [key: string]: unknown;
}

export const START = '2026-11-23T14:05:00Z';
export const HOOK_KEY = 'sandbox-hook-secret-not-for-real-use';

/** Over any address, also of a house that runs in a process of its own. */
export function driver(url: string): Driven {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 400)}`);
    return text ? JSON.parse(text) : undefined;
  };
  return {
    url,
    event: (name, more = {}) => ask('POST', '/sandbox/event', { name, ...more }),
    advance: async (by) => void (await ask('POST', '/sandbox/advance', { by })),
    fault: (body) => ask('POST', '/sandbox/fault', body),
    say: (as, conversation, text) => ask('POST', '/sandbox/say', { as, conversation, text }),
    click: (as, message, action, inputs) =>
      ask('POST', '/sandbox/click', { as, message, action, ...(inputs ? { inputs } : {}) }) as Promise<Outcome>,
    look: async (as, message) =>
      ((await ask('POST', '/room/api/refresh', { as, message })) as { message: Message }).message,
    hook: (path, body, headers = {}) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-wardroom-key': HOOK_KEY, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    messages: async (as, conversation) => {
      const path = `/room/api/messages?as=${as}&conversation=${encodeURIComponent(conversation)}`;
      return ((await ask('GET', path)) as { messages: Message[] }).messages;
    },
    transcript: async (after = 0) =>
      ((await ask('GET', `/sandbox/transcript?after=${after}`)) as { calls: Call[] }).calls,
  };
}

/** All text of a message: its cards' strings, joined; for looking for words on a card. Every space is a plain one. */
export const textOf = (message: Message | undefined): string => {
  const words: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value === 'string') words.push(value);
    else if (Array.isArray(value)) value.forEach(walk);
    else if (value && typeof value === 'object') Object.values(value).forEach(walk);
  };
  walk(message?.attachments.map(({ content }) => content));
  return [message?.text ?? '', ...words].join(' | ').replaceAll('\u00A0', ' ');
};
