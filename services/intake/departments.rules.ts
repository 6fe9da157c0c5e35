import { Refused } from '../core/errors.ts';
import { fold, nearest } from '../core/similar.ts';

interface Named {
  id: string;
  name: string;
}

/** Why these words mean no department; undefined when they do, or when nothing was said. */
export function departmentFault(departments: readonly Named[], words: string | undefined): string | undefined {
  if (!words?.trim()) return undefined;
  try {
    departmentOf(departments, words);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.text;
  }
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
