import { type Draft, entries, type Finding, type ListName, type Path } from './organisation.draft.ts';

type Check = (list: ListName, id: string | undefined, path: Path) => Generator<Finding>;

/** Cross-checks of the settings about models: what they name must be there, and must be meant for one thing only. */
export function* modelReferences(draft: Draft, check: Check): Generator<Finding> {
  for (const list of ['driftContexts', 'labels', 'retraining'] as const)
    for (const [entry, path] of entries(draft, list)) yield* check('endpoints', entry.endpoint, [...path, 'endpoint']);
  for (const [path, at] of entries(draft, 'concernPaths')) {
    yield* check('channels', path.channel, [...at, 'channel']);
    for (const [index, id] of path.people.entries()) yield* check('people', id, [...at, 'people', index]);
    for (const [index, id] of path.endpoints.entries()) yield* check('endpoints', id, [...at, 'endpoints', index]);
  }
}

export function* modelFindings(draft: Draft): Generator<Finding> {
  const seen = new Map<string, string>();
  for (const [{ id, endpoint, feature }, path] of entries(draft, 'driftContexts')) {
    const what = `${endpoint} ${feature}`.toLowerCase();
    const other = seen.get(what);
    if (other !== undefined)
      yield {
        path: [...path, 'feature'],
        wrong: `${other} is about ${feature} of ${endpoint} already`,
        right: 'keep one',
      };
    seen.set(what, id);
  }
  for (const [{ estimate, monthlyBudget }, path] of entries(draft, 'retraining')) {
    if (!monthlyBudget) continue;
    if (!estimate)
      yield {
        path: [...path, 'monthlyBudget'],
        wrong: 'a budget without an estimate cannot be kept',
        right: 'add estimate: what one run costs',
      };
    else if (estimate.currency !== monthlyBudget.currency)
      yield {
        path: [...path, 'estimate', 'currency'],
        wrong: `the estimate is in ${estimate.currency} and the budget in ${monthlyBudget.currency}`,
        right: 'write both in one currency',
      };
  }
  const everybody = [...entries(draft, 'concernPaths')].filter(([{ endpoints }]) => endpoints.length === 0);
  for (const [, path] of everybody.slice(1))
    yield { path, wrong: 'there is another path for every endpoint', right: 'name the endpoints of this one' };
}
