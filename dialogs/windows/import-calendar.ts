import { z } from 'zod/v4';
import { importedCard, importedWords } from '../../cards/windows/imported.ts';
import { readIcs, scopeOf, scopeWords } from '../../services/windows/index.ts';
import { freeText, oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';

const KINDS = { freeze: 'deny', maintenance: 'maintenance', advisory: 'advisory' } as const;

export const importCalendar = capability({
  id: 'windows.import-calendar',
  summary: 'Import an .ics (holidays, sales days) as freezes, maintenance or advisories',
  phrases: ['import {kind} for {scope} from {calendar}'],
  examples: ['import freeze for everything from https://calendar.northwind.example/holidays.ics'],
  input: z.object({
    kind: oneOf(['freeze', 'maintenance', 'advisory']),
    scope: freeText(120),
    /** An address, or the text of the calendar itself, beginning with BEGIN:VCALENDAR. */
    calendar: freeText(500_000),
  }),
  roles: ['approver', 'admin'],
  effect: 'write',
  prepare: async ({ rooms }, { calendar }) =>
    /^https?:\/\//i.test(calendar) ? rooms.windows.fetchCalendar(calendar) : calendar,
  run: async ({ rooms, tx, actor, now }, { kind, scope: words }, text) => {
    const scope = scopeOf(rooms.organisation, words);
    const found = readIcs(text, rooms.organisation.zone);
    const batch = `import:${now.toString()}`;
    const ids = await rooms.windows.add(
      tx,
      found.entries.map((entry) => ({
        spec: {
          ...entry,
          kind: KINDS[kind],
          scope,
          override: { exempt: ['security', 'emergency', 'rollback'] as const },
        },
        reason: entry.name ?? 'imported',
        by: actor.id,
        source: 'import' as const,
        batch,
      })),
    );
    const view = {
      now,
      kind: KINDS[kind],
      scope: scopeWords(scope),
      entries: found.entries.map((entry, index) => ({
        id: ids[index] ?? '',
        name: entry.name ?? '',
        start: entry.start ?? '',
        zone: entry.zone,
      })),
      skipped: found.skipped,
    };
    return {
      text: `${importedWords(view)}.`,
      card: importedCard(view),
      data: { ids, skipped: found.skipped },
      objects: ids.slice(0, 20),
    };
  },
});
