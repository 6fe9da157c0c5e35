import { type Draft, entries, type Finding, type ListName, type Path } from './organisation.draft.ts';

interface Reference {
  list: ListName;
  id: string | undefined;
  path: Path;
}

/** Entries that windows and changes name. */
export function* windowReferences(draft: Draft): Generator<Reference> {
  for (const [budget, path] of entries(draft, 'errorBudgets'))
    yield { list: 'endpoints', id: budget.endpoint, path: [...path, 'endpoint'] };
  const { changes } = draft;
  if (!changes) return;
  yield { list: 'approvalPolicies', id: changes.normal, path: ['changes', 'normal'] };
  yield { list: 'approvalPolicies', id: changes.emergency, path: ['changes', 'emergency'] };
  yield { list: 'channels', id: changes.channel, path: ['changes', 'channel'] };
}

/** A change is voted on once and in the open: a policy that promises more must not be taken for it. */
function* boardFindings(draft: Draft): Generator<Finding> {
  for (const which of ['normal', 'emergency'] as const) {
    const policy = [...entries(draft, 'approvalPolicies')].find(([{ id }]) => id === draft.changes?.[which])?.[0];
    if (policy?.secret)
      yield {
        path: ['changes', which],
        wrong: `${policy.id} votes in secret, and votes on changes are open`,
        right: 'name a policy without secret: true',
      };
    if (policy?.stepUp) yield unsigned(policy.id, 'changes', ['changes', which]);
    if (policy?.nextStage !== undefined)
      yield {
        path: ['changes', which],
        wrong: `${policy.id} has a second stage, and changes are voted on once`,
        right: 'name a policy without nextStage',
      };
  }
}

/** A policy that promises signed votes must not be taken for votes that cannot be signed. */
export const unsigned = (policy: string, what: string, path: Path): Finding => ({
  path,
  wrong: `votes by ${policy} are signed (stepUp), and votes on ${what} are not`,
  right: 'name a policy without stepUp',
});

/** What a single entry's shape cannot say. */
export function* windowFindings(draft: Draft): Generator<Finding> {
  yield* boardFindings(draft);
  for (const [window, path] of entries(draft, 'windows')) {
    if (window.cron === undefined && window.start === undefined)
      yield { path, wrong: 'this window has no start', right: 'write start: "2026-11-27T22:00", or a cron schedule' };
    if (window.cron !== undefined && window.rrule !== undefined)
      yield { path: [...path, 'cron'], wrong: 'it has a cron schedule and an rrule', right: 'keep one of them' };
    if (window.end === undefined && window.duration === undefined)
      yield { path, wrong: 'this window has no end', right: 'write end: "2026-11-28T06:00", or duration: 8h' };
    else if (window.end !== undefined && window.start !== undefined && window.end <= window.start)
      yield {
        path: [...path, 'end'],
        wrong: `it ends (${window.end}) before or when it starts (${window.start})`,
        right: 'an end is exclusive and later than the start',
      };
    const { everything, teams, workspaces, endpoints } = { everything: false, ...window.scope };
    if (!everything && teams.length + workspaces.length + endpoints.length === 0)
      yield {
        path: [...path, 'scope'],
        wrong: 'it is not said what this window is about',
        right: 'write everything, or name teams, workspaces or endpoints',
      };
  }
}
