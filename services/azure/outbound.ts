import { lookup as resolve } from 'node:dns';
import { request as http } from 'node:http';
import { request as https } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Refused, Unavailable } from '../core/errors.ts';

/**
 * Calls to addresses that people wrote (webhooks, calendars). Nothing inside may be reached that way: loopback, private,
 * link-local (a cloud's metadata service) and other special ranges are refused after the name was resolved and before the
 * connection is made, on the very address that is connected to, so that a name cannot change its mind in between.
 * Redirects are not followed.
 */
export interface Outbound {
  send(call: {
    method: 'GET' | 'POST';
    url: string;
    headers?: Readonly<Record<string, string>>;
    body?: string;
    mostBytes?: number;
  }): Promise<{ status: number; body: string }>;
}

/** IANA special-purpose registries (RFC 6890), without what is globally reachable. */
const INSIDE = new BlockList();
for (const [address, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  INSIDE.addSubnet(address, prefix, 'ipv4');
for (const [address, prefix] of [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  INSIDE.addSubnet(address, prefix, 'ipv6');

/** Whether an address is inside; IPv4 in IPv6's clothes is judged as IPv4. */
export function isInside(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  return INSIDE.check(mapped, isIP(mapped) === 6 ? 'ipv6' : 'ipv4');
}

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 64_000;

export function outbound(options: { allowInside: boolean; allowedHosts?: readonly string[] }): Outbound {
  const { allowInside, allowedHosts = [] } = options;
  return {
    async send({ method, url, headers = {}, body, mostBytes = MOST_BYTES }) {
      const target = new URL(url);
      const free = allowInside || allowedHosts.includes(target.hostname);
      if (target.protocol !== 'https:' && !(free && target.protocol === 'http:'))
        throw new Refused(`${target.origin} is not https.`, 'Give an https address.', 'not-https');
      if (target.username || target.password)
        throw new Refused('The address holds a password.', 'Leave it out; requests are signed.', 'bad-address');
      const bare = target.hostname.replace(/^\[|\]$/g, '');
      if (!free && isIP(bare) !== 0 && isInside(bare)) throw inside(target.hostname);
      return exchange(target, { method, headers, body, mostBytes, lookup: free ? undefined : guarded });
    },
  };
}

const inside = (host: string) =>
  new Refused(
    `${host} is an address inside.`,
    'Allow the host with WARDROOM_OUTBOUND_HOSTS if that is meant.',
    'inside',
  );

const guarded: LookupFunction = (host, options, done) => {
  resolve(host, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, '', 0);
    if (addresses.some(({ address }) => isInside(address))) return done(inside(host), '', 0);
    const [first] = addresses;
    if (options.all) return done(null, addresses);
    return done(null, first?.address ?? '', first?.family ?? 4);
  });
};

interface Exchange {
  method: string;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  mostBytes: number;
  lookup: LookupFunction | undefined;
}

const exchange = (target: URL, { method, headers, body, mostBytes, lookup }: Exchange) =>
  new Promise<{ status: number; body: string }>((done, failed) => {
    const send = target.protocol === 'https:' ? https : http;
    const fail = (error: unknown) =>
      failed(
        error instanceof Refused
          ? error
          : new Unavailable(target.host, error instanceof Error ? error.message : String(error), { cause: error }),
      );
    const call = send(
      target,
      { method, headers: { ...headers, 'user-agent': 'Wardroom' }, timeout: TIMEOUT_MS, ...(lookup ? { lookup } : {}) },
      (answer) => {
        const parts: Buffer[] = [];
        let size = 0;
        answer.on('data', (part: Buffer) => {
          size += part.length;
          if (size > mostBytes) answer.destroy(new Error(`more than ${mostBytes} bytes`));
          else parts.push(part);
        });
        answer.on('error', fail);
        answer.on('end', () => done({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }));
      },
    );
    call.on('timeout', () => call.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    call.on('error', fail);
    call.end(body);
  });
