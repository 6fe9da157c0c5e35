import type { IncomingHttpHeaders } from 'node:http';
import type { Audit } from '../services/core/audit.ts';
import { sha256 } from '../services/core/canonical.ts';
import type { Clock } from '../services/core/clock.ts';
import { isRefused, messageOf, type Refused, Unavailable } from '../services/core/errors.ts';
import type { Log } from '../services/core/log.ts';
import { nonceOf, type SignIn } from '../services/core/proof.ts';
import type { Roster } from '../services/core/roster.ts';
import { sameSecret } from '../services/core/seal.ts';
import type { Store } from '../services/store/store.ts';
import { inTransaction } from '../services/store/transaction.ts';
import type { Dispatch } from './said.ts';
import { type SignPage, signPage } from './sign-in-page.ts';
import { becameOf, CLOSED, type SignatureRow, type Signatures, stateOf, VALID_MINUTES } from './signing.ts';

/**
 * The pages where somebody signs in for what they said: `GET /sign/{id}` shows it, `POST /sign/{id}` sends the browser to the
 * issuer, and `GET /sign/callback` takes what it brings back. Only the account of whoever said it signs it, only in the
 * browser that began, and only for the words that were shown.
 */
export interface SignDoor {
  handle(call: SignCall): Promise<SignReply>;
}
export interface SignCall {
  method: 'get' | 'post';
  /** Of the address: the id, or `callback`. */
  id: string;
  /** What stands behind the question mark. */
  query: string;
  headers: IncomingHttpHeaders;
}
export interface SignReply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface SignDoorDeps {
  store: Store;
  clock: Clock;
  log: Log;
  audit: Audit;
  people: Roster;
  dispatch: Dispatch;
  signatures: Signatures;
  issuer: SignIn;
  addressOf: (path: string) => string;
  committed: () => void;
}

const CALLBACK = '/sign/callback';
const GONE: SignPage = { kind: 'closed', says: 'There is nothing to sign here, or not any more.' };

export function signDoor(deps: SignDoorDeps): SignDoor {
  const { store, clock, log, audit, people, dispatch, signatures, issuer, addressOf } = deps;

  const shown = (row: SignatureRow, says?: string): SignPage => {
    const state = stateOf(row, clock.now());
    if (state !== 'waiting')
      return { kind: state === 'done' ? 'done' : 'closed', says: becameOf(row) ?? CLOSED[state] };
    const person = people.byId(row.actor);
    return {
      kind: 'open',
      statement: row.statement,
      by: people.nameOf(row.actor),
      until: row.expires_at,
      zone: person?.zone ?? 'UTC',
      path: row.id,
      ...(says ? { says } : {}),
    };
  };

  async function begin(id: string, headers: IncomingHttpHeaders): Promise<SignReply> {
    // A page elsewhere could send somebody past the words, with a sign-in that is fresh enough to be asked for nothing.
    if (isForeign(headers)) {
      const found = await signatures.find(store.db, id);
      return found ? page(403, shown(found, 'Read what is signed here, and begin here.')) : page(404, GONE);
    }
    const { row, browser, verifier } = await inTransaction(store.db, (tx) => signatures.begin(tx, id));
    const to = await issuer.begin({
      state: row.id,
      nonce: nonceOf(row.salt, row.statement),
      verifier,
      redirect: addressOf(CALLBACK),
      maxAgeSeconds: row.max_age * 60,
      acrs: row.acrs ?? undefined,
      hint: people.byId(row.actor)?.email,
      // A second try: what the browser had was not enough.
      again: row.tries > 0,
    });
    // Lax: it comes along when the issuer sends the browser back, and with no other request from elsewhere.
    const cookie = `${cookieFor(id)}=${browser}; Path=/; Max-Age=${VALID_MINUTES * 60}; HttpOnly; SameSite=Lax${secure() ? '; Secure' : ''}`;
    return { status: 303, headers: { Location: to, 'Set-Cookie': cookie }, body: '' };
  }

  const isForeign = (headers: IncomingHttpHeaders): boolean => {
    const from = headers['sec-fetch-site'];
    if (from !== undefined) return from !== 'same-origin';
    return headers.origin !== undefined && headers.origin !== new URL(addressOf('/')).origin;
  };
  const secure = () => addressOf('/').startsWith('https:');
  /** One for each page, so that two can be open at once; `__Host-`: no other host of the domain can set it. */
  const cookieFor = (id: string): string => `${secure() ? '__Host-' : ''}wardroom-sign-${id.slice(0, 12)}`;
  const cookieOf = (id: string, headers: IncomingHttpHeaders): string =>
    new RegExp(`(?:^|; )${cookieFor(id)}=(\\w+)`).exec(headers.cookie ?? '')?.[1] ?? '';

  async function comeBack(query: string, headers: IncomingHttpHeaders): Promise<SignReply> {
    const answer = new URL(`${addressOf(CALLBACK)}?${query}`);
    const row = await signatures.find(store.db, answer.searchParams.get('state') ?? '');
    if (!row) return page(404, GONE);
    // The page was loaded again.
    if (stateOf(row, clock.now()) !== 'waiting') return page(200, shown(row));
    if (!row.browser || !row.verifier || !sameSecret(row.browser, sha256(cookieOf(row.id, headers))))
      return page(403, shown(row, 'That sign-in was begun in another browser. Begin again here.'));
    const { salt, statement } = row;
    const proven = await issuer.finish(answer, {
      state: row.id,
      nonce: nonceOf(salt, statement),
      verifier: row.verifier,
    });
    const signer = people.byEntraId(proven.account);
    if (signer?.id !== row.actor) {
      const who = signer ? signer.name : 'somebody who is not known here';
      return notCounted(row, `You signed in as ${who}, and ${people.nameOf(row.actor)} has to sign this.`);
    }
    const result = await dispatch({
      // Of this sign-in: what was refused once is heard again. That it counts once is the row's own business. It goes into
      // logs and files, so it does not tell the address of the page.
      key: `signed:${sha256(answer.searchParams.get('code') ?? '')}`,
      person: row.actor,
      place: row.place,
      signed: {
        capability: row.capability,
        input: row.input,
        proof: { ...proven, salt, statement },
        settle: (tx) => signatures.settle(tx, row.id),
      },
    });
    if (result.code === 'step-up') return notCounted(row, result.text);
    if (result.kind === 'failed') return page(500, shown(row, result.text));
    const is = result.kind === 'answer' ? 'done' : 'refused';
    await inTransaction(store.db, (tx) => signatures.note(tx, row.id, result.text, is));
    deps.committed();
    return page(200, shown((await signatures.find(store.db, row.id)) ?? row));
  }

  /** Somebody tried, and it was not enough: they may try again, and the record knows of it. */
  async function notCounted(row: SignatureRow, why: string): Promise<SignReply> {
    const noted = await inTransaction(store.db, async (tx) => {
      if (!(await signatures.note(tx, row.id, why, 'waiting'))) return false;
      await audit.append(tx, {
        actor: row.actor,
        action: `${row.capability}.not-signed`,
        objects: [row.about],
        outcome: 'refused',
        why,
      });
      return true;
    });
    deps.committed();
    return page(noted ? 403 : 200, shown((await signatures.find(store.db, row.id)) ?? row, why));
  }

  return {
    async handle({ method, id, query, headers }) {
      const back = id === 'callback';
      const wanted = back ? (new URLSearchParams(query).get('state') ?? '') : id;
      // No id of ours: a NUL, say, is an error to the database.
      if (!/^\w+$/.test(wanted)) return page(404, GONE);
      try {
        if (back) return await comeBack(query, headers);
        if (method === 'post') return await begin(id, headers);
        const row = await signatures.find(store.db, id);
        return row ? page(200, shown(row)) : page(404, GONE);
      } catch (error) {
        // Without its row the page says the same of a database that is away.
        const row = await signatures.find(store.db, wanted).catch(() => undefined);
        if (isRefused(error)) return row ? refusedFor(row, error) : page(404, GONE);
        log.error({ error: messageOf(error) }, 'a sign-in failed');
        const away = error instanceof Unavailable;
        const says = away
          ? `${error.service} does not answer at the moment; nothing was counted. Try again in a minute.`
          : 'Something went wrong on my side; nothing was counted. Try again.';
        return page(away ? 503 : 500, row ? shown(row, says) : { kind: 'closed', says });
      }
    },
  };

  function refusedFor(row: SignatureRow, error: Refused): Promise<SignReply> | SignReply {
    return error.code.startsWith('step-up') ? notCounted(row, error.text) : page(409, shown(row, error.text));
  }
}

const page = (status: number, view: SignPage): SignReply => ({
  status,
  headers: {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Robots-Tag': 'noindex',
    // With no-referrer a browser says that the form comes from nowhere (Origin: null), which a careful issuer refuses.
    'Referrer-Policy': 'same-origin',
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  },
  body: signPage(view),
});
