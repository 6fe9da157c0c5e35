import { Refused } from './errors.ts';
import type { Organisation, Person, Role } from './organisation.ts';
import { fold, nearest } from './similar.ts';

/** Who works here. Lookups are exact unless they say otherwise; people who left are found, so that records keep names. */
export interface People {
  readonly all: readonly Person[];
  byId(id: string): Person | undefined;
  /** By Entra object id, in any letter case. */
  byEntraId(entraId: string): Person | undefined;
  /** By what Teams says of a mentioned or writing account. Its display name proves nothing and is not read. */
  byAccount(account: Account): Person | undefined;
  /**
   * By what somebody wrote: an id, an Entra id, an e-mail address, a full name, a first or last name, or the start of
   * one; case and accents do not count. Active people only. Throws Refused when it fits nobody, or several.
   */
  find(words: string): Person;
  /** The roles the organisation file grants: none to somebody who left, and viewer to everybody else. */
  rolesOf(person: Person): readonly Role[];
  /** Active people to whom the file grants this role, in the order of the file. */
  withRole(role: Role): readonly Person[];
}

/** The parts of a ChannelAccount that identify (Bot Framework activity schema); `aadObjectId` is set by Teams. */
export interface Account {
  id?: string | undefined;
  aadObjectId?: string | undefined;
}

export function people(organisation: Pick<Organisation, 'people'>): People {
  const all = organisation.people;
  const active = all.filter((person) => person.active);
  const byId = new Map(all.map((person) => [person.id, person]));
  const byEntraId = new Map(all.map((person) => [person.entraId.toLowerCase(), person]));

  const rolesOf = (person: Person): readonly Role[] => grantedBy(person, byId.get(person.id)?.roles ?? []);
  return {
    all,
    byId: (id) => byId.get(id),
    byEntraId: (entraId) => byEntraId.get(entraId.toLowerCase()),
    // In cards and people pickers the id itself is the object id; outside Teams it may come as "8:orgid:<object id>".
    byAccount: ({ id, aadObjectId }) =>
      byEntraId.get((aadObjectId ?? id?.replace(/^8:orgid:/, '') ?? '').toLowerCase()),
    find: (words) => find(active, all, words),
    rolesOf,
    withRole: (role) => active.filter((person) => rolesOf(person).includes(role)),
  };
}

/** Every active person is a viewer; nobody who left is anything. */
export const grantedBy = (person: Person, roles: readonly Role[]): readonly Role[] =>
  person.active ? [...new Set<Role>(['viewer', ...roles])] : [];

function find(active: readonly Person[], all: readonly Person[], words: string): Person {
  const wanted = fold(
    words
      .replace(/<\/?at[^>]{0,200}>/gi, '')
      .trim()
      .replace(/^@/, ''),
  ).slice(0, 200);
  if (wanted === '') throw new Refused('Whom do you mean?', 'Write a name, such as Ann or Ann Berg.', 'person-empty');
  for (const matches of [exactly, named, partly, beginning]) {
    const found = active.filter((person) => matches(person, wanted));
    if (found.length === 1) return found[0] as Person;
    if (found.length > 1) throw ambiguous(words, found);
  }
  const left = all.find((person) => !person.active && [exactly, named].some((matches) => matches(person, wanted)));
  if (left) throw new Refused(`${left.name} is not here any more.`, 'Name somebody else.', 'person-left');
  throw unknown(words, wanted, active);
}

type Matches = (person: Person, wanted: string) => boolean;

const exactly: Matches = ({ id, entraId, email }, wanted) =>
  wanted === id || wanted === entraId.toLowerCase() || wanted === email?.toLowerCase();
const named: Matches = ({ name }, wanted) => fold(name) === wanted;
/** Whole words, in any order: "Berg", "Berg, Ann". */
const partly: Matches = ({ name }, wanted) => {
  const parts = wordsOf(fold(name));
  return wordsOf(wanted).every((word) => parts.includes(word));
};
const beginning: Matches = ({ name }, wanted) => {
  const parts = wordsOf(fold(name));
  return wanted.length >= 2 && wordsOf(wanted).every((word) => parts.some((part) => part.startsWith(word)));
};

const wordsOf = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

const MOST_NAMED = 5;

function ambiguous(words: string, found: readonly Person[]): Refused {
  const some = found.slice(0, MOST_NAMED).map(({ name, id }) => `${name} (${id})`);
  const more = found.length - some.length;
  const list = more > 0 ? `${some.join(', ')} and ${more} more` : `${some.slice(0, -1).join(', ')} or ${some.at(-1)}`;
  return new Refused(`"${quoted(words)}" could be ${list}.`, 'Write the full name or the id.', 'person-ambiguous');
}

function unknown(words: string, wanted: string, active: readonly Person[]): Refused {
  const spellings = new Map<string, Person>();
  for (const person of active) {
    for (const word of [person.name, person.id, ...wordsOf(person.name)]) {
      if (!spellings.has(fold(word))) spellings.set(fold(word), person);
    }
  }
  const near = spellings.get(nearest(wanted, spellings.keys()) ?? '');
  const next = near ? `Did you mean ${near.name}?` : 'Write an id, a full name, or mention the person.';
  return new Refused(`I do not know "${quoted(words)}".`, next, 'person-unknown');
}

/** What somebody wrote, short and on one line, to be said back to them. */
const quoted = (words: string): string => {
  const line = words.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 59).toWellFormed()}…` : line;
};
