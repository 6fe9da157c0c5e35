import { randomBytes, randomUUID } from 'node:crypto';

/** Branded strings: an incident id cannot be passed where a request id is asked for. */
declare const brand: unique symbol;
export type Id<Kind extends string> = string & { readonly [brand]: Kind };

export type PersonId = Id<'person'>;
export type IncidentId = Id<'incident'>;
export type RequestId = Id<'request'>;
export type ChangeId = Id<'change'>;
export type EventId = Id<'event'>;

/** The one door to randomness. Tests and the sandbox pass a seeded one. */
export interface Ids {
  uuid(): string;
  /** A short reference a person can read out ("K7QX-2M"): no vowels, no look-alikes. */
  reference(): string;
  /** 0 <= x < 1, for jitter. */
  random(): number;
}

const READABLE = '23456789BCDFGHJKMNPQRSTVWXZ';

export const randomIds: Ids = {
  uuid: randomUUID,
  reference: () => {
    const letters = Array.from(randomBytes(6), (byte) => READABLE[byte % READABLE.length]).join('');
    return `${letters.slice(0, 4)}-${letters.slice(4)}`;
  },
  random: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
};

/** A repeatable sequence (mulberry32), for tests and the sandbox only. */
export function seededIds(seed: number): Ids {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const hex = (length: number) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  return {
    random,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
    reference: () => {
      const letters = Array.from({ length: 6 }, () => READABLE[Math.floor(random() * READABLE.length)]).join('');
      return `${letters.slice(0, 4)}-${letters.slice(4)}`;
    },
  };
}
