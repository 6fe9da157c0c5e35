import { Refused } from '../core/errors.ts';
import { fold, nearest } from '../core/similar.ts';

interface Named {
  id: string;
  name: string;
}

/**
 * The name of the department that somebody's words mean, by its id or its name; the words themselves while the organisation
 * names no departments. Throws Refused, with the nearest one, for one that it does not have.
 */
export function departmentOf(departments: readonly Named[], words: string): string {
  const said = words.trim();
  if (departments.length === 0) return said;
  const found = departments.find(({ id, name }) => [id, name].some((each) => fold(each) === fold(said)));
  if (found) return found.name;
  const near = nearest(
    said,
    departments.flatMap(({ id, name }) => [id, name]),
  );
  const meant = departments.find(({ id, name }) => id === near || name === near)?.name;
  throw new Refused(
    `There is no department “${said.length > 60 ? `${said.slice(0, 59)}…` : said}”.`,
    meant ? `Did you mean ${meant}?` : `There are ${departments.map(({ name }) => name).join(', ')}.`,
    'unknown-department',
  );
}
