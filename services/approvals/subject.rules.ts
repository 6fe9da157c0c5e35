import { digestOf } from '../core/canonical.ts';
import type { ApprovalPolicy, EvidenceKind } from '../core/organisation.ts';
import { WORDS } from './evidence.rules.ts';
import type { PromotePlan, RolloutStep } from './plan.ts';

/**
 * What a promotion's votes are cast on: version, files, target and traffic (the plan), what was found out about it (the
 * evidence, by digest), and the rules of the vote. Another subject is another decision.
 */
export interface Subject {
  plan: PromotePlan;
  /** Digest of each finding. */
  evidence: Readonly<Record<string, string>>;
  /** Digest of the policies of all stages, in order. */
  policy: string;
}

export const subjectDigest = (subject: Subject): string => digestOf(subject);

/** Who is asked belongs to the list of the opening, so it is not part of it: the rules are. */
export const policyDigest = (chain: readonly ApprovalPolicy[]): string => digestOf(chain);

/** What is different, each in words that a voter understands. `summaries`: what a finding says, by kind, then and now. */
export function changesOf(
  before: Subject,
  after: Subject,
  summaries: { before: Readonly<Record<string, string>>; after: Readonly<Record<string, string>> },
): string[] {
  const changes: string[] = [];
  const [was, is] = [before.plan, after.plan];
  const versionOf = ({ model }: PromotePlan) => `${model.name}:${model.version}`;
  if (versionOf(was) !== versionOf(is)) changes.push(`the version is ${versionOf(is)}, not ${versionOf(was)}`);
  else if (was.artifact.sha256 !== is.artifact.sha256)
    changes.push(
      `the files of ${versionOf(is)} are others: ${short(is.artifact.sha256)}, not ${short(was.artifact.sha256)}`,
    );
  if (was.endpoint !== is.endpoint || was.workspace !== is.workspace)
    changes.push(`the target is ${is.endpoint}, not ${was.endpoint}`);
  if (was.deployment !== is.deployment) changes.push(`the deployment is ${is.deployment}, not ${was.deployment}`);
  if (digestOf(was.steps) !== digestOf(is.steps))
    changes.push(`the traffic goes ${stepsWords(is.steps)}, not ${stepsWords(was.steps)}`);
  if (digestOf(was.guards) !== digestOf(is.guards)) changes.push('the guards of the steps are others');
  if (digestOf(was.from) !== digestOf(is.from)) changes.push('the traffic it starts from is another');
  for (const kind of [...new Set([...Object.keys(before.evidence), ...Object.keys(after.evidence)])].sort()) {
    const [old, now] = [before.evidence[kind], after.evidence[kind]];
    if (old === now) continue;
    const name = WORDS[kind as EvidenceKind] ?? kind;
    const words = (from: Readonly<Record<string, string>>) => (from[kind] ?? 'something else').replace(/\.$/, '');
    if (now === undefined) changes.push(`${name} is missing now`);
    else if (old === undefined) changes.push(`${name} was added: ${summaries.after[kind] ?? 'a new finding'}`);
    else changes.push(`${name} says: ${words(summaries.after)} (it said: ${words(summaries.before)})`);
  }
  if (before.policy !== after.policy) changes.push('the policy of the vote was changed');
  return changes;
}

/** "20 % mirrored for 24 h, then 10 % for 4 h, 50 % for 4 h, 100 %" */
export function stepsWords(steps: readonly RolloutStep[]): string {
  const words = steps.map(({ kind, percent, minutes }) => {
    const time = minutes > 0 ? ` for ${durationWords(minutes)}` : '';
    return `${percent} %${kind === 'mirror' ? ' mirrored' : ''}${time}`;
  });
  const mirrors = steps.filter(({ kind }) => kind === 'mirror').length;
  if (mirrors === 0 || mirrors === steps.length) return words.join(', ');
  return `${words.slice(0, mirrors).join(', ')}, then ${words.slice(mirrors).join(', ')}`;
}

export const durationWords = (minutes: number): string =>
  minutes % 1440 === 0 && minutes >= 2880
    ? `${minutes / 1440} days`
    : minutes % 60 === 0
      ? `${minutes / 60} h`
      : `${minutes} min`;

const short = (sha256: string): string => `${sha256.slice(0, 12)}…`;
