import { type Draft, entries, type Finding } from './organisation.draft.ts';

/** Checks of the cost settings that need more than one entry. */
export function* costFindings(draft: Draft): Generator<Finding> {
  yield* tagsTwice(draft);
  const known = (list: 'people' | 'departments') => new Set(draft.names[list]);
  for (const [index, id] of (draft.cost?.seeAll?.people ?? []).entries()) {
    if (known('people').has(id)) continue;
    yield {
      path: ['cost', 'seeAll', 'people', index],
      wrong: `there is no person "${id}"`,
      right: 'write the id of somebody under people',
    };
  }
  for (const [index, { by }] of (draft.cost?.shared ?? []).entries()) {
    if (typeof by === 'string') continue;
    for (const id of Object.keys(by)) {
      if (known('departments').has(id)) continue;
      const right = 'write the id of somebody under departments';
      yield { path: ['cost', 'shared', index, 'by', id], wrong: `there is no department "${id}"`, right };
    }
    if (Object.values(by).every((weight) => weight === 0)) {
      yield { path: ['cost', 'shared', index, 'by'], wrong: 'all weights are 0', right: 'give somebody a weight' };
    }
  }
}

function* tagsTwice(draft: Draft): Generator<Finding> {
  const owners = new Map<string, string>();
  for (const [department, path] of entries(draft, 'departments')) {
    for (const [index, tag] of department.tags.entries()) {
      const key = tag.trim().toLowerCase();
      const other = owners.get(key);
      if (other !== undefined && other !== department.id) {
        yield {
          path: [...path, 'tags', index],
          wrong: `"${tag}" belongs to ${other} already`,
          right: 'cost is carried by one department: name the tag once, or put it under cost.shared',
        };
      }
      owners.set(key, department.id);
    }
  }
}
