import { z } from 'zod/v4';
import { useCaseListCard } from '../../cards/intake/list.ts';
import { STATES } from '../../cards/intake/words.ts';
import { alike, departmentOf, type UseCase } from '../../services/intake/index.ts';
import { freeText, oneOf } from '../arguments.ts';
import { capability, type Turn } from '../capability.ts';

const MOST = 50;

const input = z.object({
  words: freeText(80).optional(),
  department: freeText(80).optional(),
  state: oneOf(['idea', 'signed', 'pilot', 'live', 'stopped']).optional(),
  mine: oneOf(['yes']).optional(),
});
type Wanted = z.output<typeof input>;

export const list = capability({
  id: 'intake.list',
  summary: 'List or search use cases, also of a department, in a state, or your own',
  phrases: [
    ...['use cases', 'list use cases', 'show use cases', 'all use cases', 'list all use cases'],
    ...['show me the use cases', 'what use cases do we have', 'use cases of everybody'],
    ...['use cases about {words}', 'find use case {words}', 'find use cases about {words}'],
    ...['use cases of {department}', 'use cases of department {department}'],
    ...['use cases in {state}', 'use cases that are {state}', 'pilots {state=pilot}'],
    ...['my use cases {mine=yes}', 'my ideas {mine=yes}'],
  ],
  examples: ['use cases', 'use cases about churn', 'use cases of Retail', 'use cases in pilot', 'my use cases'],
  input,
  roles: ['viewer'],
  effect: 'read',
  run: async (turn, wanted) => {
    const { rooms, now } = turn;
    const { words, state } = wanted;
    const department = wanted.department && departmentOf(rooms.organisation.departments, wanted.department);
    const all = (await rooms.intake.all(rooms.db)).filter((one) => fits(one, { ...wanted, department }, turn));
    const found = words ? about(words, all) : all;
    const shown = found.slice(0, MOST).map(({ row, answers, standing }) => ({
      id: row.id,
      title: row.title,
      state: row.state,
      ...(standing.scored ? { score: standing.scored.score } : {}),
      ...(answers['owner'] ? { owner: rooms.people.nameOf(answers['owner']) } : {}),
      ...(standing.gate.pass ? {} : { waits: standing.gate.why }),
    }));
    const lines = shown.map(
      ({ id, title, state: stands, score }) =>
        `${id}  ${stands}  ${title}${score === undefined ? '' : `  (${score.toFixed(1)})`}`,
    );
    const which = [
      ...(wanted.mine ? ['of yours'] : []),
      ...(department ? [`of ${department}`] : []),
      ...(state ? [STATES[state].word] : []),
      ...(words ? [`about “${words}”`] : []),
    ].join(', ');
    return {
      text: lines.join('\n') || (which ? `No use case: ${which}.` : 'There is no use case yet. Say “new use case”.'),
      card: useCaseListCard({ now, found: shown, total: found.length, ...(which ? { which } : {}) }),
      data: shown,
    };
  },
});

/** Of the department, in the state, owned or brought in by whoever asks; what was not asked for does not count. */
function fits({ row, answers }: UseCase, { department, state, mine }: Wanted, { actor }: Turn): boolean {
  if (department && answers['department'] !== department) return false;
  if (state && row.state !== state) return false;
  return !mine || answers['owner'] === actor.id || row.created_by === actor.id;
}

/** Those that say these words; when none does, those whose title sounds like them. */
function about(words: string, all: readonly UseCase[]): readonly UseCase[] {
  const needle = words.toLowerCase();
  const named = all.filter(({ row, answers }) =>
    [row.id, row.title, ...Object.values(answers)].some((text) => text.toLowerCase().includes(needle)),
  );
  if (named.length > 0) return named;
  const rows = all.map(({ row }) => row);
  const sounding = new Set(alike(words, rows).map(({ id }) => id));
  return all.filter(({ row }) => sounding.has(row.id));
}
