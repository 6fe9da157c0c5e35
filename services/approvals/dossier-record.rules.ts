import { canonicalJson, digestOf } from '../core/canonical.ts';
import type { Check, Dossier, Entry } from './dossier.rules.ts';

/**
 * What a file says of a decision, held against the entries of the record in it. Whoever changes the file can seal it anew, but
 * cannot change an entry without breaking the links: so everything that an entry also says is compared with it.
 */

/** Entries about other things between two about this one are in the file for the links; only a wider stretch is left out. */
export const WIDEST_GAP = 1_000;

/** Each entry once; `about` are those of the request. */
export function checkAgainstRecord(file: Dossier, about: readonly Entry[], check: Check): void {
  checkGaps(file, check);
  checkQuestion(file, about, check);
  checkTally(file, about, check);
  checkConditions(file, about, check);
  checkDoings(file, check);
}

/** An export fills every narrow stretch between two runs: where one is missing, entries were taken out. */
function checkGaps({ record, exported }: Dossier, check: Check): void {
  const ends = record.map((run) => ({ first: run[0]?.seq ?? 0, last: run.at(-1) }));
  const narrow = ends.findIndex(
    ({ first }, index) => index > 0 && first - (ends[index - 1]?.last?.seq ?? 0) <= WIDEST_GAP,
  );
  check(
    narrow < 0,
    'no entries were taken out between its runs',
    `entries of the record were taken out before ${ends[narrow]?.first}`,
  );
  const last = ends.at(-1)?.last;
  const { seq, hash } = exported.head;
  check(
    last === undefined || seq > last.seq || (seq === last.seq && hash === last.hash),
    `the record went up to entry ${seq} when it was exported`,
    `the record is said to end at ${seq}, and the file has other entries`,
  );
}

/** Who asked for what, under which rules. */
function checkQuestion({ request }: Dossier, about: readonly Entry[], check: Check): void {
  const { subject, plan } = request;
  if (subject)
    check(
      digestOf(subject['plan']) === digestOf(plan),
      'the plan shown is the plan that was voted on',
      'the plan shown is not the one that was voted on',
    );
  const asked = about.findLast(({ action }) => action === 'approvals.opened' || action === 'approvals.drafted');
  check(
    asked !== undefined && asked.actor === request.requester && asked.why === request.reason,
    'the record says who asked, and why',
    'the record says that somebody else asked, or for another reason',
  );
  const chain = [...request.past.map(({ policy }) => policy), request.policy, ...request.later];
  if (typeof subject?.['policy'] === 'string')
    check(
      digestOf(chain) === subject['policy'],
      'the rules of the vote are those that were voted under',
      'the rules of the vote are not those that were voted under',
    );
  const voters = about.findLast(({ action }) => action === 'approvals.vote-opened')?.detail['voters'];
  if (Array.isArray(voters))
    check(
      canonicalJson(voters) === canonicalJson(request.eligible.map(({ person }) => person)),
      `${voters.length} voters, as the record lists them`,
      'the voters are not those of the record',
    );
  const { decision } = request;
  // Of an emergency and of a way back that was approved before: who stood for it is what the review looks at.
  const named = ['confirmedBy', 'reviewDue'].filter((key) => decision?.[key] !== undefined);
  const differs = named.filter((key) => asked?.detail[key] !== decision?.[key]);
  const review = decision?.['review'] as { by?: string; finding?: string; why?: string } | undefined;
  const found = about.findLast(({ action, outcome }) => action === 'approvals.review' && outcome === 'ok');
  const input = found?.detail['input'] as { finding?: string } | undefined;
  const reviewed =
    (review === undefined && found === undefined) ||
    (found?.actor === review?.by && input?.finding === review?.finding && found?.why === review?.why);
  if (named.length > 0 || found || review)
    check(
      differs.length === 0 && reviewed,
      review ? 'who stood for it and how it was reviewed, as the record says' : 'who stood for it, as the record says',
      'the record says something else of who stood for it, or of its review',
    );
}

/** The decision counted so many votes of each kind: the file has at least those. */
function checkTally({ votes, request }: Dossier, about: readonly Entry[], check: Check): void {
  const decided = about.filter(({ detail }) => detail['tally'] !== undefined);
  if (decided.length === 0) return;
  const short = decided.filter(({ detail }) => {
    const tally = detail['tally'] as Record<string, number>;
    const cast = votes.filter(
      ({ stage, revision }) => stage === detail['stage'] && (request.subject ? revision === detail['digest'] : true),
    );
    // The last vote of a person counts; they are told apart by their order in the record, which is that of the file.
    const last = [...new Map(cast.map((vote) => [vote.voter, vote.choice])).values()];
    const of = (choice: string) => last.filter((each) => each === choice).length;
    return (
      of('approve') < (tally['approvals'] ?? 0) ||
      of('reject') < (tally['rejections'] ?? 0) ||
      of('abstain') < (tally['abstentions'] ?? 0)
    );
  });
  check(
    short.length === 0,
    'the votes are as many as the decision counted',
    'the decision counted more votes than the file has',
  );
  const { decision } = request;
  const told = decision?.['tally'];
  if (told !== undefined)
    check(
      decided.some(
        ({ detail, why }) => canonicalJson(detail['tally']) === canonicalJson(told) && why === decision?.['reason'],
      ),
      'the outcome is told as the record has it',
      'the record tells another outcome of the vote',
    );
}

interface Condition {
  number?: unknown;
  what?: unknown;
  owner?: unknown;
  due?: unknown;
  state?: unknown;
  set_by?: unknown;
  met_by?: unknown;
  proof?: unknown;
}

/** What an approval hung on: set by a vote or by the rules, met by somebody, dropped by another vote of the same person. */
function checkConditions({ conditions }: Dossier, about: readonly Entry[], check: Check): void {
  const all = conditions as readonly Condition[];
  const ok = about.filter(({ outcome }) => outcome === 'ok');
  const votes = ok.filter(({ action }) => action === 'approvals.vote');
  const inputOf = ({ detail }: Entry) => (detail['input'] ?? {}) as Record<string, unknown>;
  const sets = (entry: Entry, each: Condition): boolean =>
    entry.action === 'approvals.condition-required'
      ? each.set_by === 'wardroom' &&
        entry.why === each.what &&
        entry.detail['owner'] === each.owner &&
        sameTime(entry.detail['due'], each.due)
      : each.set_by === entry.actor &&
        inputOf(entry)['condition'] === each.what &&
        inputOf(entry)['owner'] === each.owner &&
        sameTime(inputOf(entry)['until'], each.due);
  const set = [
    ...votes.filter((entry) => inputOf(entry)['condition'] !== undefined),
    ...ok.filter(({ action }) => action === 'approvals.condition-required'),
  ];
  const metBy = ok.filter(({ action }) => action === 'approvals.condition');
  const holds = (each: Condition): boolean => {
    const from = set.find((entry) => sets(entry, each));
    const met = metBy.find((entry) => inputOf(entry)['number'] === each.number);
    if (!from) return false;
    if (each.state === 'met') return met?.actor === each.met_by && inputOf(met as Entry)['proof'] === each.proof;
    if (met) return false;
    return each.state !== 'dropped' || votes.some(({ actor, seq }) => actor === each.set_by && seq > from.seq);
  };
  const wrong = all.filter((each) => !holds(each)).map(({ number }) => String(number));
  const lost = set.filter((entry) => !all.some((each) => sets(entry, each)));
  if (all.length + lost.length > 0)
    check(
      wrong.length + lost.length === 0,
      all.length === 1 ? 'its condition, as the record has it' : `${all.length} conditions, as the record has them`,
      wrong.length > 0
        ? `the record says something else of condition ${wrong.join(', ')}`
        : 'the record has conditions that the file leaves out',
    );
}

const sameTime = (a: unknown, b: unknown): boolean => Date.parse(String(a)) === Date.parse(String(b));

const FINISHED = /^fleet\.change\.(succeeded|failed)$/;

/** What was done about it: changes, and the rollout they were steps of. */
function checkDoings({ changes, rollout, request, record }: Dossier, check: Check): void {
  const entries = record.flat();
  const ended = entries.filter(({ action }) => FINISHED.test(action));
  const wrong = changes.filter(({ id, state, plan }) => {
    const end = ended.find(({ objects }) => objects[0] === id);
    const over = state === 'succeeded' || state === 'failed';
    if (!over || !end) return over || end !== undefined;
    return end.action !== `fleet.change.${state}` || digestOf(end.detail['plan']) !== digestOf(plan);
  });
  const lost = ended.filter(
    ({ objects }) =>
      (objects.includes(request.id) || (rollout && objects.includes(rollout.id))) &&
      !changes.some(({ id }) => id === objects[0]),
  );
  if (changes.length + lost.length > 0)
    check(
      wrong.length + lost.length === 0,
      changes.length === 1 ? 'its change, as the record has it' : `${changes.length} changes, as the record has them`,
      wrong.length > 0
        ? `the record says something else of ${wrong.map(({ id }) => id).join(', ')}`
        : 'the record has changes that the file leaves out',
    );
  if (!rollout) return;
  const { id, state, finished_at: over } = rollout as { id: string; state?: unknown; finished_at?: unknown };
  const end = entries.findLast(
    ({ action, objects }) =>
      objects.includes(id) && /^approvals\.rollout-(succeeded|rolled-back|aborted|failed|overtaken)$/.test(action),
  );
  check(
    digestOf(rollout['plan']) === digestOf(request.plan) &&
      // On its way back an abort is on record before its end.
      (over
        ? end?.action === `approvals.rollout-${state}`
        : end === undefined || end.action === 'approvals.rollout-aborted'),
    `${id} carries out the plan, and ended as the record says`,
    `the record says something else of ${id}`,
  );
}
