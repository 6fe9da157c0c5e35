import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sealOf, verifyDossier } from '../../../services/approvals/dossier.rules.ts';

/** A decision of the sandbox as it was exported: a vote changed, a condition met, a rollout that went back by itself. */
const whole = readFileSync(new URL('../../data/approvals/decision.json', import.meta.url), 'utf8');

interface File {
  [key: string]: unknown;
  exported: { head: { seq: number; hash: string } };
  request: Record<string, unknown> & { plan: Record<string, unknown>; eligible: object[]; policy: object };
  votes: Record<string, unknown>[];
  conditions: Record<string, unknown>[];
  changes: Record<string, unknown>[];
  rollout: Record<string, unknown>;
  record: { seq: number; actor: string; action: string }[][];
}
/** The file with a change in it, sealed anew as whoever forges it would. */
function forged(change: (file: File) => void): string {
  const file = JSON.parse(whole) as File;
  change(file);
  return JSON.stringify({ ...file, seal: sealOf(file) });
}
const wrongIn = (text: string): string =>
  verifyDossier(text)
    .findings.filter(({ ok }) => !ok)
    .map(({ what }) => what)
    .join('; ');

/** An entry and the vote that it is taken out, and the run torn in two where it was. */
function without(file: File, voter: string, most = 1): void {
  const [run = []] = file.record;
  const at = run.findIndex(({ actor, action }) => actor === voter && action === 'approvals.vote');
  file.record = [run.slice(0, at), run.slice(at + most)];
  file.votes = file.votes.filter((vote) => vote['voter'] !== voter);
}

describe('the file of a decision', () => {
  it('holds as it was exported', () => expect(wrongIn(whole)).toBe(''));

  it('asks no signature of votes that were void before the policy asked for one', () => {
    const signed = (void_: number) =>
      wrongIn(
        forged(({ request }) => {
          Object.assign(request.policy, { stepUp: { maxAge: 5 } });
          request['stage'] = Number(request['stage']) + void_;
        }),
      );
    expect(signed(0)).toMatch(/the vote of Dev Patel is not signed/);
    expect(signed(9)).not.toMatch(/is not signed/);
  });

  it.each<[string, (file: File) => void, RegExp]>([
    [
      'a vote told twice',
      (f) => f.votes.push(structuredClone(f.votes[2] ?? {})),
      /the votes of Inês Duarte are not in/,
    ],
    ['another reason', (f) => Object.assign(f.votes[0] ?? {}, { reason: 'fine' }), /the votes of Dev Patel are not in/],
    [
      'a vote taken out with its entry',
      (f) => without(f, 'ines'),
      /taken out before 59; the decision counted more votes/,
    ],
    [
      'a vote of another digest',
      (f) => Object.assign(f.votes[5] ?? {}, { revision: 'f'.repeat(64) }),
      /counted more votes/,
    ],
    [
      'another plan to look at',
      (f) => Object.assign(f.request.plan, { endpoint: 'ep-credit' }),
      /the plan shown is not/,
    ],
    ['another person who asked', (f) => Object.assign(f.request, { requester: 'gita' }), /somebody else asked/],
    ['another reason to ask', (f) => Object.assign(f.request, { reason: 'urgent' }), /another reason/],
    [
      'easier rules',
      (f) => Object.assign(f.request.policy, { minApprovals: 1 }),
      /the rules of the vote are not those/,
    ],
    ['a voter fewer', (f) => f.request.eligible.pop(), /the voters are not those of the record/],
    ['another due date', (f) => Object.assign(f.conditions[0] ?? {}, { due: '2027-01-01T00:00:00Z' }), /condition 1/],
    ['a condition nobody met', (f) => Object.assign(f.conditions[0] ?? {}, { met_by: 'lea' }), /condition 1/],
    ['a condition dropped', (f) => Object.assign(f.conditions[0] ?? {}, { state: 'dropped' }), /condition 1/],
    ['a condition left out', (f) => f.conditions.pop(), /the record has conditions that the file leaves out/],
    [
      'a change that failed told as done',
      (f) => Object.assign(f.changes[0] ?? {}, { state: 'failed' }),
      /else of CHG-\d+/,
    ],
    ['a change left out', (f) => f.changes.pop(), /the record has changes that the file leaves out/],
    ['a rollout told as done', (f) => Object.assign(f.rollout, { state: 'succeeded' }), /something else of ROL-101/],
    ['the vote still open', (f) => Object.assign(f.request, { state: 'voting' }), /does not say that it is voting/],
    ['deployed', (f) => Object.assign(f.request, { state: 'deployed' }), /does not say that it is deployed/],
    ['another head', (f) => Object.assign(f.exported.head, { seq: 1 }), /the record is said to end at 1/],
  ])('%s is found, also under a new seal', (_what, change, words) => expect(wrongIn(forged(change))).toMatch(words));

  it('finds a name that stands twice in one object', () => {
    const twice = whole.replace('"choice":', '"choice":"approve","choice":');
    expect(twice).not.toBe(whole);
    expect(wrongIn(twice)).toMatch(/a name stands twice/);
  });
});
