import { type Draft, entries, type Finding, type ListName, type Path } from './organisation.draft.ts';
import { unsigned } from './organisation.windows.rules.ts';
import { fold, nearest } from './similar.ts';

/** Entries that the settings of intake name. */
export function* intakeReferences(draft: Draft): Generator<{ list: ListName; id: string | undefined; path: Path }> {
  yield { list: 'approvalPolicies', id: draft.intake?.pilotVote, path: ['intake', 'pilotVote'] };
}

/** Departments of KPIs are departments, and an edition of the Act does not name one thing twice. */
export function* intakeFindings(draft: Draft): Generator<Finding> {
  const voted = [...entries(draft, 'approvalPolicies')].find(([{ id }]) => id === draft.intake?.pilotVote)?.[0];
  if (voted?.stepUp) yield unsigned(voted.id, 'pilots', ['intake', 'pilotVote']);
  const known = [...entries(draft, 'departments')].flatMap(([{ id, name }]) => [id, name]);
  for (const [{ department }, path] of entries(draft, 'kpis')) {
    if (department === undefined || known.length === 0) continue;
    if (known.some((each) => fold(each) === fold(department))) continue;
    const near = nearest(department, known);
    yield {
      path: [...path, 'department'],
      wrong: `there is no department "${department}"`,
      right: near ? `did you mean "${near}"?` : 'write the id or the name of one under departments',
    };
  }
  for (const list of ['prohibited', 'areas', 'exits', 'transparency', 'duties'] as const) {
    const seen = new Set<string>();
    for (const [index, { id }] of (draft.intake?.aiAct?.[list] ?? []).entries()) {
      const path = ['intake', 'aiAct', list, index, 'id'];
      if (seen.has(id))
        yield { path, wrong: `two entries of ${list} have the id "${id}"`, right: 'give each its own id' };
      if (id === 'none') yield { path, wrong: '"none" is the answer that nothing applies', right: 'choose another id' };
      seen.add(id);
    }
  }
}
