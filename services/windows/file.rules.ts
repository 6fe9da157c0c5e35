import type { Finding, Path } from '../core/organisation.draft.ts';
import type { Organisation } from '../core/organisation.ts';
import { nearest } from '../core/similar.ts';
import { type Reading, readWindows } from './spec.rules.ts';
import { fileSpec } from './windows.ts';

/**
 * What the calendar of wardroom.yaml says that its shape alone cannot judge: rules, cron schedules, zones, lengths and
 * names. `check-config` tells each with its line. A house that is started with such an entry closes what the entry is
 * about: it must not come up with a freeze that nobody can read.
 */
export function fileFindings(organisation: Organisation): Finding[] {
  const readings = readWindows(organisation.windows.map(fileSpec));
  const found = readings.flatMap((reading, index): Finding[] => {
    if (reading.ok) return [];
    return [
      {
        path: ['windows', index, ...blamed(reading, organisation.windows[index]?.cron !== undefined)],
        wrong: bare(reading.error),
        right: reading.next,
      },
    ];
  });
  return [...found, ...organisation.windows.flatMap((entry, index) => namesOf(organisation, entry, index))];
}

/** What a reader of the file should know although nothing is wrong: a zone that was translated. */
export const fileNotes = (organisation: Organisation): string[] =>
  readWindows(organisation.windows.map(fileSpec)).flatMap((reading, index) =>
    reading.ok ? reading.window.notes.map((note) => `windows[${organisation.windows[index]?.id}].zone: ${note}`) : [],
  );

/** The value to blame, so that the reader of the file is shown its line. */
function blamed({ code, error }: Extract<Reading, { ok: false }>, byCron: boolean): Path {
  const named = /^(start|end|rdate|exdate) “/.exec(error)?.[1];
  if (named) return [named];
  if (code === 'unknown-zone') return ['zone'];
  if (code === 'bad-rule' || code === 'below-daily') return [byCron ? 'cron' : 'rrule'];
  if (code === 'end-before-start' || code === 'zero-length') return ['end'];
  if (code === 'bad-duration' || code === 'two-ends') return ['duration'];
  if (code === 'no-scope') return ['scope'];
  return [];
}

const bare = (sentence: string): string => sentence.replace(/\.$/, '');

/** A freeze of a misspelt endpoint freezes nothing, and nobody would notice. A glob may be about what is still to come. */
function namesOf(organisation: Organisation, entry: Organisation['windows'][number], index: number): Finding[] {
  const { scope } = entry;
  if ('everything' in scope) return [];
  const lists = {
    teams: organisation.teams,
    workspaces: organisation.workspaces,
    endpoints: organisation.endpoints,
  } as const;
  return (Object.keys(lists) as (keyof typeof lists)[]).flatMap((dimension) =>
    scope[dimension].flatMap((pattern, at): Finding[] => {
      const name = pattern.replace(/^!/, '');
      const known = lists[dimension].map(({ id }) => id);
      if (/[*?[]/.test(name) || known.includes(name)) return [];
      const near = nearest(name, known);
      const one = dimension.slice(0, -1);
      return [
        {
          path: ['windows', index, 'scope', dimension, at],
          wrong: `there is no ${one} "${name}", so this is about nothing`,
          right: near ? `did you mean "${near}"?` : `name a ${one} of this file, or a glob such as ${one[0]}*`,
        },
      ];
    }),
  );
}
