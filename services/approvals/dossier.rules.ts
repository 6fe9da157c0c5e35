import { z } from 'zod/v4';
import { hashOf } from '../core/audit.ts';
import { canonicalJson, digestOf, sha256 } from '../core/canonical.ts';
import { counted } from '../core/counted.ts';
import { checkAgainstRecord } from './dossier-record.rules.ts';
import { checkSignatures } from './dossier-signatures.rules.ts';
import { findingDigest } from './evidence.rules.ts';
import { sealOfVote, UNDECIDED } from './secret.rules.ts';

/**
 * One decision in one file, for somebody who has nothing else: what was asked, who voted what, what was known, what was
 * done, and the entries of the record that say so. `verify` needs the file alone.
 */
export const FORMAT = 'wardroom-decision/1';
/** Stands for a choice that nobody knows before the close. */
export const SEALED = 'sealed';

const linked = z.strictObject({
  seq: z.number().int().positive(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  objects: z.array(z.string()),
  outcome: z.enum(['ok', 'refused', 'failed']),
  why: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
  prev_hash: z.string().regex(/^[0-9a-f]{64}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** services/core/proof.ts */
const proof = z.looseObject({
  statement: z.string(),
  salt: z.string(),
  idToken: z.string(),
  key: z.record(z.string(), z.unknown()),
});
const hex = z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in hexadecimal');
export const dossier = z.strictObject({
  format: z.literal(FORMAT),
  organisation: z.string(),
  exported: z.strictObject({
    at: z.string(),
    by: z.string(),
    head: z.strictObject({ seq: z.number().int(), hash: hex }),
  }),
  request: z.looseObject({
    id: z.string(),
    title: z.string(),
    stage: z.number(),
    state: z.string(),
    digest: hex,
    requester: z.string(),
    reason: z.string(),
    plan: z.record(z.string(), z.unknown()),
    subject: z.record(z.string(), z.unknown()).nullish(),
    policy: z.record(z.string(), z.unknown()),
    past: z.array(z.looseObject({ policy: z.unknown() })),
    later: z.array(z.unknown()),
    eligible: z.array(z.looseObject({ person: z.string() })),
    decision: z.record(z.string(), z.unknown()).nullish(),
  }),
  votes: z.array(
    z.looseObject({
      voter: z.string(),
      choice: z.string(),
      at: z.string(),
      stage: z.number(),
      revision: z.string().nullish(),
      reason: z.string().nullish(),
      nonce: z.string().nullish(),
      proof: proof.nullish(),
    }),
  ),
  evidence: z.array(
    z.looseObject({
      kind: z.string(),
      digest: z.string(),
      state: z.enum(['present', 'missing', 'failed']),
      body: z.record(z.string(), z.unknown()),
      binding: z.record(z.string(), z.unknown()).nullish(),
    }),
  ),
  conditions: z.array(z.looseObject({})),
  changes: z.array(z.looseObject({ id: z.string(), state: z.string(), plan: z.unknown() })),
  rollout: z.looseObject({ id: z.string() }).nullable(),
  people: z.record(z.string(), z.string()),
  /** By voter, the object id of their account in Entra. */
  accounts: z.record(z.string(), z.string()).optional(),
  /** Runs of the record without a gap, oldest first. */
  record: z.array(z.array(linked).min(1)),
  /** SHA-256 of the canonical form of everything above. */
  seal: hex,
});
export type Dossier = z.infer<typeof dossier>;

/** The seal of a file: of everything in it but itself. */
export const sealOf = ({ seal: _, ...rest }: { seal?: unknown } & Record<string, unknown>): string =>
  sha256(canonicalJson(rest));

export interface Finding {
  ok: boolean;
  /** What was checked, or what is wrong and where. */
  what: string;
}

export interface Verification {
  ok: boolean;
  findings: Finding[];
  /** The last link of each run: to be compared with the live record, or with a copy somebody else keeps. */
  anchors: { seq: number; hash: string }[];
  summary: string;
}

/** Checks a file by itself. Never throws: what cannot be read is a finding. */
export function verifyDossier(text: string): Verification {
  const parsed = parse(text);
  if (typeof parsed === 'string') return failed(parsed);
  const read = dossier.safeParse(parsed);
  if (!read.success) {
    const [issue] = read.error.issues;
    return failed(
      `the file is not of the form ${FORMAT}: ${issue?.path.join('.') || 'the file'} ${issue?.message ?? ''}`,
    );
  }
  const file = read.data;
  const { request, votes, record } = file;
  const findings: Finding[] = [];
  const check = (ok: boolean, right: string, wrong: string) => findings.push({ ok, what: ok ? right : wrong });

  // Over what was parsed and not what the schema kept: nothing may be hidden beside it.
  check(
    namesIn(text) === keysOf(JSON.parse(text)),
    'every name stands once in its object',
    'a name stands twice in one object: a reader sees another value than the one that counts',
  );
  check(
    sealOf(parsed as Record<string, unknown>) === file.seal,
    'the seal fits: the file is as it was exported',
    'the seal does not fit: the file was changed after it was exported',
  );
  check(
    digestOf(request.subject ?? request.plan) === request.digest,
    `the plan and what was known of it have the digest ${request.digest.slice(0, 16)} that was voted on`,
    'the plan does not have the digest that was voted on',
  );
  for (const run of record) checkRun(run, check);
  const entries = record.flat();
  const about = entries.filter(({ objects }) => objects.includes(request.id));
  check(
    about.length > 0,
    `${counted(about.length, 'entry', 'entries')} of the record ${about.length === 1 ? 'is' : 'are'} about ${request.id}`,
    `no entry of the record is about ${request.id}`,
  );
  const opened = about.find(
    ({ action, detail }) => action === 'approvals.opened' || typeof detail['digest'] === 'string',
  );
  check(
    opened !== undefined && about.some(({ detail }) => detail['digest'] === request.digest),
    'the record names the same digest',
    'no entry of the record names the digest of the plan',
  );
  checkEvidence(file, check);
  checkEnd(file, about, check);
  checkAgainstRecord(file, about, check);
  const cast = about.filter(({ action, outcome }) => action === 'approvals.vote' && outcome === 'ok');
  const left = new Set(cast);
  const unrecorded = votes.filter((vote) => {
    const entry = [...left].find((each) => says(each, vote, request));
    // One entry is one vote: the same vote is not told twice.
    return entry === undefined || !left.delete(entry);
  });
  check(
    unrecorded.length === 0,
    `${counted(votes.length, 'vote')}, each of them in the record`,
    `the votes of ${unrecorded.map(({ voter }) => file.people[voter] ?? voter).join(', ')} are not in the record`,
  );
  const secret = votes.filter(({ nonce }) => typeof nonce === 'string');
  const broken = secret.filter(({ voter, choice, at, reason, nonce }) => {
    const seal = sealOfVote({ request: request.id, voter, choice, reason: reason ?? null, nonce: nonce ?? '' });
    return !about.some((entry) => entry.actor === voter && same(entry.at, at) && entry.detail['sealed'] === seal);
  });
  if (secret.length > 0)
    check(
      broken.length === 0,
      `${counted(secret.length, 'vote')} of a secret ballot, as sealed when cast`,
      `the votes of ${broken.map(({ voter }) => file.people[voter] ?? voter).join(', ')} are not those that were sealed when they were cast`,
    );
  checkSignatures(file, cast, check);
  check(left.size === 0, 'no vote of the record is missing', 'the record has votes that the file leaves out');
  const ok = findings.every((each) => each.ok);
  const anchors = record.map((run) => ({ seq: run.at(-1)?.seq ?? 0, hash: run.at(-1)?.hash ?? '' }));
  return {
    ok,
    findings,
    anchors,
    summary: ok
      ? `${request.id} (${request.state}): the file is whole and agrees with itself.`
      : `${request.id}: the file does not hold.`,
  };
}

export type Entry = Dossier['record'][number][number];
export type Check = (ok: boolean, right: string, wrong: string) => void;

/** Whether an entry is that of a vote: the words of the dialog are kept with it, or the seal of a secret one. */
function says({ actor, at, why, detail }: Entry, vote: Dossier['votes'][number], request: Dossier['request']): boolean {
  if (actor !== vote.voter || !same(at, vote.at)) return false;
  const { voter, choice, nonce, reason = null } = vote;
  if (typeof detail['sealed'] === 'string')
    return choice === SEALED
      ? UNDECIDED.has(request.state)
      : sealOfVote({ request: request.id, voter, choice, reason, nonce: nonce ?? '' }) === detail['sealed'];
  const said = (detail['input'] as { choice?: unknown } | undefined)?.choice;
  return (said === undefined || said === choice) && why === reason;
}

/** Every finding has the digest it is told with, and what was voted on is among them. */
function checkEvidence({ evidence, request }: Dossier, check: Check): void {
  // Findings of before their binding was kept cannot be told from changed ones by themselves.
  const whole = evidence.filter(({ kind, binding }) => binding || !BOUND_BY_LESS.includes(kind));
  const altered = whole.filter(
    ({ kind, state, body, binding, digest }) =>
      findingDigest({ kind, state, body, ...(binding ? { binding } : {}) }) !== digest,
  );
  check(
    altered.length === 0,
    `${counted(evidence.length, 'finding')}, each with the digest of what it says`,
    `the evidence was changed: ${altered.map(({ kind }) => kind).join(', ')} does not have its digest`,
  );
  const bound = (request.subject as { evidence?: Record<string, string> } | null | undefined)?.evidence ?? {};
  const lost = Object.entries(bound)
    .filter(([kind, digest]) => !evidence.some((each) => each.kind === kind && each.digest === digest))
    .map(([kind]) => kind);
  check(
    lost.length === 0,
    'the evidence that was voted on is in the file',
    `the file does not have the evidence that was voted on: ${lost.join(', ')}`,
  );
}
/** Numbers that move by themselves bind a vote by their verdict alone (evidence.rules.ts). */
const BOUND_BY_LESS = ['drift', 'cost'];

/** The states that an entry of the record leads to. */
const LEADS_TO: Readonly<Record<string, readonly string[]>> = {
  'approvals.drafted': ['draft'],
  // A rollback or a cost is voted on at once; an emergency is carried out at once.
  'approvals.opened': ['evidence', 'voting', 'executing'],
  'approvals.votes-void': ['evidence'],
  'approvals.vote-opened': ['voting'],
  'approvals.approved': ['approved', 'conditional', 'executing'],
  'approvals.conditions-met': ['approved', 'executing'],
  'approvals.rejected': ['rejected'],
  'approvals.expired': ['expired'],
  'approvals.withdraw': ['withdrawn'],
  'approvals.overtaken': ['withdrawn'],
  'approvals.version-gone': ['withdrawn'],
  'approvals.superseded': ['superseded'],
  'approvals.deployed': ['deployed'],
  'approvals.rolled-back': ['rolled-back'],
  'approvals.failed': ['failed'],
  'fleet.change.succeeded': ['done'],
  'fleet.change.failed': ['failed'],
  'cost.plan.done': ['done'],
  'cost.plan.failed': ['failed'],
};

/** How it stands is what the record says last. */
function checkEnd({ request: { state } }: Dossier, about: readonly Entry[], check: Check): void {
  const last = about.findLast(
    ({ action, outcome }) => action in LEADS_TO && (outcome === 'ok' || action.endsWith('failed')),
  );
  const said = last !== undefined && LEADS_TO[last.action]?.includes(state) === true;
  check(said, `the record says that it is ${state}`, `the record does not say that it is ${state}`);
}

function checkRun(run: Dossier['record'][number], check: (ok: boolean, right: string, wrong: string) => void): void {
  const [first] = run;
  let previous = first?.prev_hash ?? '';
  let expected = first?.seq ?? 0;
  for (const { prev_hash, hash, ...row } of run) {
    if (row.seq !== expected || prev_hash !== previous)
      return void check(false, '', `entry ${row.seq} of the record does not follow the one before it`);
    if (hashOf(row, previous) !== hash) return void check(false, '', `entry ${row.seq} of the record was altered`);
    previous = hash;
    expected += 1;
  }
  const last = run.at(-1)?.seq ?? 0;
  check(true, `entries ${first?.seq} to ${last} of the record are linked without a gap`, '');
}

/** The record and the vote are written at the same instant, in one transaction; only the form of writing may differ. */
export const same = (a: string, b: string): boolean => Math.abs(Date.parse(a) - Date.parse(b)) < 1_000;

const failed = (why: string): Verification => ({
  ok: false,
  findings: [{ ok: false, what: why }],
  anchors: [],
  summary: why,
});

/** Names of values in JSON, as written: what stands twice in an object is read once. */
const namesIn = (text: string): number =>
  [...text.matchAll(/"(?:[^"\\]|\\.)*"\s*(:?)/g)].filter(([, colon]) => colon === ':').length;
const keysOf = (value: unknown): number =>
  value === null || typeof value !== 'object'
    ? 0
    : Object.values(value).reduce(
        (sum: number, each) => sum + keysOf(each),
        Array.isArray(value) ? 0 : Object.keys(value).length,
      );

function parse(text: string): unknown {
  try {
    const found: unknown = JSON.parse(text);
    // The console's --json wraps what it prints.
    const inner = (found as { data?: { format?: unknown } } | null)?.data;
    return inner && typeof inner === 'object' && 'format' in inner ? inner : found;
  } catch {
    return 'the file is not JSON';
  }
}

export const PROVES = [
  'It proves: nobody changed this file after it was exported without knowing how to seal it anew; the plan is the one whose digest was voted on; every vote shown is in the record, none of the record is left out, and the outcome counted no others; who asked, the rules, conditions, changes and the end are those of the record; the entries shown follow each other without a gap.',
  'It does not prove that the record itself was not written anew as a whole before the export, or that nothing happened after the entry that the file ends with. For that compare the anchor below with the live record (“audit verify” prints its head) or with a head that somebody else noted at the time, and export the decision again.',
  'Entries know people by their ids; names, titles and summaries are told as they were at the export, and nothing but the seal holds them.',
  'Of a signed vote it holds the ID token of the sign-in, whose nonce is the SHA-256 of what was signed, and the key that its signature was checked with. Whether the key is the issuer’s own, compare with the keys that the issuer publishes or published then: the one of the same “kid” has the same “n”.',
  'Of the evidence it holds what was found, with the digest that was voted on. Of drift and cost the vote was bound to the verdict, not to numbers that move by themselves; and the files that findings were made of lie where “source” says.',
] as const;
