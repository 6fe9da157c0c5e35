import type { IncomingMessage } from 'node:http';
import { z } from 'zod/v4';
import type { Config } from '../services/core/config.ts';
import type { Ids } from '../services/core/ids.ts';
import type { Person } from '../services/core/organisation.ts';
import type { Roster } from '../services/core/roster.ts';
import { sameSecret } from '../services/core/seal.ts';
import { cardText } from './console-card.ts';
import { commandOf } from './console-command.ts';
import type { Registry } from './registry.ts';
import type { Result } from './results.ts';
import type { Dispatch } from './said.ts';

/** What the terminal client asks: `POST /console`. */
export const question = z.strictObject({
  text: z.string().min(1).max(100_000),
  /** Who asks; the operating system's `user` is taken when the organisation knows it. */
  as: z.string().max(120).optional(),
  user: z.string().max(256).optional(),
  /** The preview of a dangerous thing is not wanted: do it. A second person is asked all the same. */
  yes: z.boolean().default(false),
  /** The same for a question that is sent again. */
  key: z.uuid().optional(),
  /** Fields of a form, beside the words. */
  set: z.record(z.string().max(80), z.string().max(20_000)).optional(),
});
export type Question = z.input<typeof question>;

/** `kind`, `text`, `data`, `capability` are what `--json` prints and stay as they are; the rest is for the screen. */
export interface ConsoleAnswer {
  kind: Result['kind'];
  text: string;
  data: unknown;
  capability: string | null;
  /** The card as text. */
  shown: string;
  as: string;
}

/** `status` as of HTTP: 401, 403 and 422 (nobody to ask as) have a sentence instead of an answer. */
export type DoorAnswer =
  | { status: 200; body: ConsoleAnswer }
  | { status: 400 | 401 | 403 | 422; body: { error: string } };

export interface ConsoleDoor {
  /** From the network: this machine only, with the token where one is set. */
  knock(req: IncomingMessage, body: unknown): Promise<DoorAnswer>;
  /** From inside this process. */
  ask(body: unknown): Promise<DoorAnswer>;
}

export interface DoorDeps {
  config: Pick<Config, 'mode' | 'console'>;
  dispatch: Dispatch;
  registry: Registry;
  people: Roster;
  ids: Ids;
}

/**
 * The terminal client's door. Whoever passes it may speak as anybody, so it opens to this machine only, and outside the
 * sandbox only with the token; without a token there is no door (bot/app.ts), and no way to tell that there could be one.
 */
export const doorExists = ({ mode, console }: Pick<Config, 'mode' | 'console'>): boolean =>
  mode === 'sandbox' || console.token !== undefined;

export function consoleDoor({ config, dispatch, registry, people, ids }: DoorDeps): ConsoleDoor {
  const { token } = config.console;

  async function ask(body: unknown): Promise<DoorAnswer> {
    const asked = question.safeParse(body);
    if (!asked.success) {
      const wrong = asked.error.issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`);
      return { status: 400, body: { error: wrong.join('; ') } };
    }
    const person = whoAsks(asked.data, people, config.mode === 'sandbox');
    if (typeof person === 'string') return { status: 422, body: { error: person } };
    const result = await dispatch({
      key: `console:${asked.data.key ?? ids.uuid()}`,
      person: person.id,
      place: { conversation: 'console', kind: 'console' },
      text: asked.data.text,
      ...(asked.data.set ? { data: asked.data.set } : {}),
      confirmed: asked.data.yes,
    });
    return { status: 200, body: answerOf(result, registry, person) };
  }

  return {
    ask,
    async knock(req, body) {
      const stranger = foreign(req);
      if (stranger) return { status: 403, body: { error: stranger } };
      if (token !== undefined && !sameSecret(req.headers.authorization ?? '', `Bearer ${token}`)) {
        return { status: 401, body: { error: 'set WARDROOM_CONSOLE_TOKEN to the token of the running Wardroom' } };
      }
      return ask(body);
    },
  };
}

/** The person, or a sentence that says why nobody can be asked as. */
export function whoAsks(
  { as, user }: Pick<Question, 'as' | 'user'>,
  people: Roster,
  sandbox: boolean,
): Person | string {
  if (as !== undefined) {
    const [found, ...others] = [people.byId(as) ?? people.find(as)].flat();
    if (found && others.length === 0) return found;
    return `"${as.slice(0, 60)}" ${found ? 'could be several people' : 'is nobody here'}: give --as a person's id.`;
  }
  const own = (user ? people.byId(user.toLowerCase()) : undefined) ?? (sandbox ? people.byId('ann') : undefined);
  return own ?? 'Say who asks: --as PERSON, by the id in wardroom.yaml.';
}

function answerOf(result: Result, registry: Registry, { id, zone }: Person): ConsoleAnswer {
  const { kind, text, data, capability, card } = result;
  // As in the card's text: what does not break in a chat is a plain space here.
  const plainly = text.replaceAll('\u00A0', ' ');
  // Help's card leaves out what its text has room for.
  const draws = card && kind !== 'refused' && capability !== 'governance.help';
  const drawn = draws ? cardText(card, (action) => commandOf(registry, action), zone) : plainly;
  return { kind, text: plainly, data: data ?? null, capability: capability ?? null, shown: drawn, as: id };
}

/** Not from this machine, or by a web page that made the browser of this machine ask (rebound names, other origins). */
function foreign(req: IncomingMessage): string | undefined {
  if (!/^(127(\.\d+){3}|::1|::ffff:127(\.\d+){3})$/.test(req.socket.remoteAddress ?? '')) return 'this machine only';
  if (!/^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i.test(req.headers.host ?? ''))
    return 'the Host is not this machine';
  if (req.headers.origin !== undefined) return 'not for web pages';
  return undefined;
}
