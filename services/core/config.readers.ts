import { createPrivateKey } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { ROLES, type Role } from './organisation.ts';
import { nearest } from './similar.ts';

/** How single values of the environment are read. What is wrong is said without repeating it: it may be a secret. */

export interface HookKey {
  id: string;
  secret: string;
  /** From then on it is good no more: the old one of a change of keys. */
  notAfter?: Temporal.Instant;
}

export const guid = (what: string) =>
  z.guid(`must be ${what}, such as 6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001`).toLowerCase();
export const address = z.url({ protocol: /^https?$/, error: 'must be an address such as http://localhost:4318' });
export const words = <const T extends readonly [string, ...string[]]>(all: T) =>
  z.enum(all, `must be one of ${all.join(', ')}`);
export const whole = (min: number, max: number) =>
  z.string().transform((text, ctx) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    ctx.addIssue({ code: 'custom', message: `must be a whole number from ${min} to ${max}` });
    return z.NEVER;
  });

/** `first:secret,second:secret`; `old@2026-12-31:secret` is good until that day. A secret may hold colons, not commas. */
export const hookKeys = z.string().transform((text, ctx): HookKey[] => {
  const wrong = (message: string) => ctx.addIssue({ code: 'custom', message });
  const keys = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => ({ id: part.slice(0, part.indexOf(':')), secret: part.slice(part.indexOf(':') + 1), part }));
  const dated = (id: string) => /^([^@]*)@(\d{4}-\d{2}-\d{2})$/.exec(id);
  for (const [index, { id: whole, secret, part }] of keys.entries()) {
    const id = dated(whole)?.[1] ?? whole;
    // The text itself is never repeated: it is a secret, and this message goes to a log.
    if (!part.includes(':') || !/^[\w.-]{1,40}$/.test(id))
      wrong(`must be a list of id:secret; entry ${index + 1} is not`);
    else if (secret === '') wrong(`has no secret for the id "${id}"`);
    else if (keys.findIndex((key) => (dated(key.id)?.[1] ?? key.id) === id) < index)
      wrong(`has two secrets with the id "${id}"`);
  }
  return keys.map(({ id, secret }) => {
    const [, name = id, day] = dated(id) ?? [];
    const end = day && z.iso.date().safeParse(day).success ? Temporal.Instant.from(`${day}T00:00:00Z`) : undefined;
    if (day && !end) wrong(`has the end “${day}” for the id "${name}", which is no date`);
    return { id: name, secret, ...(end ? { notAfter: end } : {}) };
  });
});
/** 16 random bytes in hexadecimal have 32, in base64 22. */
export const SHORTEST_SECRET = 20;

/** `approver:<group>,risk:<group>`; a role may have several groups. */
export const roleGroups = z.string().transform((text, ctx) => {
  const groups: Partial<Record<Role, string[]>> = {};
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const [name = '', group = ''] = part.split(':').map((piece) => piece.trim());
    const role = ROLES.find((known) => known === name);
    if (role === undefined || !z.guid().safeParse(group).success) {
      const near = role === undefined ? nearest(name, ROLES) : undefined;
      const message = `must be a list of role:group id; "${part}" is not${near ? ` (did you mean ${near}?)` : ''}`;
      ctx.addIssue({ code: 'custom', message });
    } else groups[role] = [...(groups[role] ?? []), group.toLowerCase()];
  }
  return groups;
});

/** PEM; one line with \\n in it or base64 around it, as secret stores make it. The text itself is never repeated. */
export const privateKey = z.string().transform((text, ctx) => {
  const pem = text.includes('-----BEGIN') ? text.replaceAll('\\n', '\n') : Buffer.from(text, 'base64').toString('utf8');
  try {
    return createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem' }).toString();
  } catch {
    // What the library says would repeat parts of the key.
    ctx.addIssue({ code: 'custom', message: 'must be the private key of the GitHub App, in PEM' });
    return z.NEVER;
  }
});
