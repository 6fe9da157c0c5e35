import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { Organisation } from '../core/organisation.ts';
import { standardOf } from './planned.rules.ts';

/** Longer is no change but a project: nothing else could be planned for its targets meanwhile. */
const LONGEST_DAYS = 14;

/** What is asked for has to be still to come, not for ever, and about something that is known. */
export function checkAsked(
  organisation: Pick<Organisation, 'endpoints' | 'workspaces'>,
  now: Temporal.Instant,
  change: { start: Temporal.Instant; targets: readonly string[]; minutes: number },
): void {
  if (change.minutes > LONGEST_DAYS * 24 * 60)
    throw new Refused(
      `A change takes ${LONGEST_DAYS} days at most.`,
      'Ask for the parts of it one after the other.',
      'too-long',
    );
  if (Temporal.Instant.compare(change.start, now) < 0)
    throw new Refused('That is in the past.', 'Give a time that is still to come.', 'in-the-past');
  if (change.targets.length === 0) throw new Refused('Nothing is named that would change.', 'Name an endpoint.');
  for (const target of change.targets) {
    const name = target.split('/')[0] ?? target;
    const known =
      organisation.endpoints.some(({ id }) => id === name) || organisation.workspaces.some(({ id }) => id === name);
    if (!known)
      throw new Refused(
        `I do not know ${target}.`,
        'Name an endpoint, endpoint/deployment or a workspace.',
        'unknown-target',
      );
  }
}

/** The agreed standard change it says it is; refused when it is none of them, or not for all of its targets. */
export function neededStandard(
  organisation: Pick<Organisation, 'changes'>,
  kind: 'standard' | 'normal' | 'emergency',
  standard: string | undefined,
  targets: readonly string[],
) {
  if (kind !== 'standard') return undefined;
  const found = standardOf(organisation, standard, targets);
  if (found) return found;
  const known = organisation.changes.standard.map(({ id }) => id).join(', ') || 'none';
  throw new Refused(
    'This is not one of the agreed standard changes for all of these.',
    `They are: ${known}. Otherwise ask for a normal change.`,
    'not-standard',
  );
}
