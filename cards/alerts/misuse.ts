import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions, ask } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { textInput } from '../parts/inputs.ts';
import { list } from '../parts/list.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { clean, counted, joined, plain, sentence } from '../parts/text.ts';
import { when } from '../parts/time.ts';
import type { Tone } from '../parts/tone.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface MisuseView {
  now: Temporal.Instant;
  id: string;
  endpoint: string;
  purpose?: string;
  state: 'containing' | 'assessing' | 'board' | 'lessons' | 'closed';
  why: string;
  by: readonly string[];
  openedAt: Temporal.Instant;
  concern?: string;
  incident?: string;
  /** "blue 90 %, green 10 %" */
  before: string;
  checklist: readonly { id: number; what: string; owner: string; done?: { by: string; note: string } }[];
  decision?: { what: 'restore' | 'keep-stopped' | 'retire'; by: readonly string[] };
  lessons?: string;
}

const LOOK: Readonly<Record<MisuseView['state'], { tone: Tone; word: string }>> = {
  containing: { tone: 'bad', word: 'being stopped' },
  assessing: { tone: 'warning', word: 'stopped, assessing' },
  board: { tone: 'warning', word: 'stopped, to be decided' },
  lessons: { tone: 'info', word: 'decided, lessons open' },
  closed: { tone: 'good', word: 'closed' },
};
const DECIDED = { restore: 'serves again', 'keep-stopped': 'stays stopped', retire: 'is retired' } as const;

/** A case of misuse: stopped, assessed, decided, learnt from. */
export function misuseCard(view: MisuseView): Card {
  const { id, endpoint, checklist, decision } = view;
  const open = checklist.filter(({ done }) => !done);
  const [next] = open;
  return card({
    summary: misuseSummary(view),
    state: state({ ...LOOK[view.state], id }),
    headline: headline(plain(headlineOf(view))),
    soWhat: soWhat(plain(`${sentence(view.why)}${view.purpose ? ` (${endpoint}: ${view.purpose})` : ''}`, 600)),
    facts: facts([
      ['Stopped by', plain(joined([...view.by]), 120)],
      ['Since', when(view.openedAt)],
      ['Traffic before', plain(view.before, 120)],
      ['Concern', view.concern && plain(view.concern)],
      ['Decided', decision && `${DECIDED[decision.what]}, by ${plain(joined([...decision.by]), 120)}`],
      ['Lessons', view.lessons && plain(view.lessons, 400)],
    ]),
    details: [
      list(
        checklist.map(({ id: number, what, owner, done }) => ({
          text: `${done ? '✔' : '○'} ${number}. ${plain(what, 120)}`,
          detail: done ? `${named(done.by)}: ${plain(done.note, 300)}` : `${named(owner)} answers for it`,
        })),
        { shown: 8 },
      ),
    ],
    actions: actions(
      [
        view.state !== 'closed' && next
          ? ask(
              `Answer point ${next.id}`,
              [
                textInput({
                  id: 'text',
                  label: clean(next.what, 80),
                  error: 'Write what was found',
                  required: true,
                  lines: true,
                  limit: 1000,
                }),
              ],
              act({
                title: `Answer point ${next.id}`,
                verb: 'alerts.assess',
                ids: { misuse: id, item: String(next.id) },
                inputs: 'auto',
              }),
            )
          : undefined,
        view.state === 'board' &&
          act({
            title: 'Let it serve again',
            verb: 'alerts.decide-misuse',
            ids: { misuse: id, decision: 'restore' },
            dangerous: true,
          }),
        view.state === 'lessons' &&
          ask(
            'Write the lessons',
            [
              textInput({
                id: 'text',
                label: 'What changes so that it does not happen again?',
                error: 'Write a sentence',
                required: true,
                lines: true,
                limit: 2000,
              }),
            ],
            act({ title: `Close ${id}`, verb: 'alerts.lessons', ids: { misuse: id }, inputs: 'auto' }),
          ),
      ],
      [
        view.state === 'board' &&
          act({
            title: 'Keep it stopped',
            verb: 'alerts.decide-misuse',
            ids: { misuse: id, decision: 'keep-stopped' },
            dangerous: true,
          }),
        view.state === 'board' &&
          act({
            title: 'Retire it',
            verb: 'alerts.decide-misuse',
            ids: { misuse: id, decision: 'retire' },
            dangerous: true,
          }),
      ],
    ),
    foot: foot(view.now, 'the runbook of misuse: contain, assess, board, lessons'),
    wide: true,
  });
}

export const misuseSummary = (view: Pick<MisuseView, 'id' | 'endpoint' | 'state'>): string =>
  `${view.id} ${LOOK[view.state].word}: ${clean(view.endpoint, 63)}`;

function headlineOf({ endpoint, state: now, checklist, decision }: MisuseView): string {
  const open = checklist.filter(({ done }) => !done).length;
  if (now === 'containing') return `${endpoint} is being stopped.`;
  if (now === 'assessing')
    return `${endpoint} is stopped; ${counted(open, 'point')} of ${checklist.length} ${open === 1 ? 'is' : 'are'} open.`;
  if (now === 'board') return `${endpoint} is stopped and assessed: two people decide what becomes of it.`;
  const became = decision ? DECIDED[decision.what] : 'is decided';
  return now === 'lessons'
    ? `${endpoint} ${became}; what was learnt is still to be written.`
    : `${endpoint} ${became}; the case is closed.`;
}

export interface MisuseListView {
  now: Temporal.Instant;
  cases: readonly Pick<MisuseView, 'id' | 'endpoint' | 'state' | 'why' | 'openedAt'>[];
}

/** Cases of misuse, the latest first. */
export function misuseListCard({ now, cases }: MisuseListView): Card {
  const open = cases.filter((each) => each.state !== 'closed').length;
  const head =
    cases.length === 0
      ? 'There has been no case of misuse.'
      : `${counted(cases.length, 'case')} of misuse, ${open} open.`;
  return card({
    summary: head,
    state: state(open > 0 ? { tone: 'warning', word: `${open} open` } : { tone: 'good', word: 'none open' }),
    headline: headline(head),
    details: [
      list(
        cases.map(({ id, endpoint, state: at, why, openedAt }) => ({
          text: `**${id}** ${plain(endpoint, 63)}: ${LOOK[at].word}`,
          detail: `${plain(why, 160)} · ${when(openedAt)}`,
          select: act({ title: id, verb: 'alerts.misuse', ids: { misuse: id } }),
        })),
        { shown: 8 },
      ),
    ],
    foot: foot(now, 'the runbook of misuse'),
  });
}
