import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { named } from '../parts/person.ts';
import { type State, state } from '../parts/state.ts';
import { clean, counted, joined, plain } from '../parts/text.ts';
import { when } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';
import type { Gap } from './oncall.ts';
import { sharesOf, shiftTable } from './schedule.ts';

export interface RotationView {
  now: Temporal.Instant;
  stage: 'preview' | 'made' | 'undone';
  schedule: string;
  zone: string;
  /** "nights: Ben Okafor, Ann Berg, every week at 18:00 from 2026-12-01" */
  words: string;
  /** ROT-101, when it is kept; the form, while it is not. */
  id?: string;
  draft?: string;
  by?: string;
  reason?: string;
  fresh: boolean;
  gone: boolean;
  from: Temporal.Instant;
  to: Temporal.Instant;
  shifts: readonly { who: readonly string[]; start: Temporal.Instant; end?: Temporal.Instant }[];
  gaps: readonly Gap[];
  before: readonly string[];
  after: readonly string[];
  touched: readonly string[];
  uncalled: boolean;
}

/** One screen of a phone; the button opens all of it. */
const SHOWN = 8;

export const rotationSummary = ({ stage, schedule, words, gaps }: RotationView): string => {
  const verb = { preview: 'would be', made: 'is now', undone: 'is no longer' }[stage];
  const holes = stage !== 'undone' && gaps.length > 0 ? `, ${counted(gaps.length, 'gap')} ahead` : '';
  return `${clean(schedule, 63)} ${verb} ${clean(words, 200)}${holes}`;
};

/** A change of a schedule's rotation: what it makes of the two weeks ahead, before it is made and after. */
export function rotationCard(view: RotationView): Card {
  const { now, stage, schedule, words, zone, shifts, id, draft, by, touched } = view;
  return card({
    summary: rotationSummary(view),
    state: state(badge(view)),
    headline: headline(plain(`${clean(schedule, 63)}: ${clean(words, 220)}`)),
    soWhat: soWhat(meaning(view)),
    picture: view.gone ? undefined : sharesOf(schedule, view),
    facts: facts([
      ['On call now', `${people(view.before)}${same(view) ? '' : ` → ${people(view.after)}`}`],
      ['Touches', touched.length > 0 ? joined(touched.map(named)) : undefined],
      [stage === 'undone' ? 'Taken back by' : 'By', by && named(by)],
      ['Why', view.reason && plain(view.reason)],
      ['Called by', view.uncalled && !view.gone ? 'no escalation policy of wardroom.yaml yet' : undefined],
    ]),
    details: [shiftTable(shifts, SHOWN)],
    actions: actions([
      stage === 'preview' &&
        draft !== undefined &&
        act({ title: 'Put it in force', verb: 'alerts.apply-rotation', ids: { draft }, main: true }),
      stage === 'preview' &&
        draft !== undefined &&
        act({ title: 'Change the answers', verb: 'alerts.new-rotation', ids: { draft } }),
      stage === 'made' &&
        id !== undefined &&
        act({ title: 'Undo', verb: 'alerts.undo-rotation', ids: { rotation: id } }),
      stage !== 'preview' && !view.gone && act({ title: 'Two weeks', verb: 'alerts.schedule', ids: { schedule } }),
    ]),
    foot: foot(now, `rotations of wardroom.yaml and of the chat; hands change by the clock of ${zone}`),
    wide: true,
  });
}

const people = (who: readonly string[]) => (who.length > 0 ? joined(who.map(named)) : 'nobody');
const same = ({ before, after }: RotationView) => before.join() === after.join();

function badge({ stage, gaps, gone, id, draft }: RotationView): State {
  const about = { id: id ?? draft ?? '' };
  if (stage === 'undone') return { tone: 'quiet', word: 'taken back', ...about };
  if (gone)
    return { tone: 'warning', word: stage === 'preview' ? 'would delete the schedule' : 'schedule deleted', ...about };
  if (gaps.length > 0)
    return { tone: 'warning', word: stage === 'preview' ? 'would leave a gap' : 'leaves a gap', ...about };
  return stage === 'preview'
    ? { tone: 'info', word: 'not in force yet', ...about }
    : { tone: 'good', word: 'in force', ...about };
}

function meaning({ gone, fresh, gaps, stage }: RotationView): string {
  const [gap] = gaps;
  if (gone) return `Nobody ${stage === 'preview' ? 'would be' : 'is'} on call by it any more.`;
  if (gap) {
    const more = gaps.length > 1 ? `; ${counted(gaps.length - 1, 'other gap')} below` : '';
    return `Nobody can be reached from ${when(gap.start)} ${gap.end ? `until ${when(gap.end)}` : 'on, and no end is planned'}${more}.`;
  }
  if (stage === 'undone') return 'What was before it is in force again. Somebody can be reached at every hour.';
  return `${fresh ? 'A new schedule. ' : ''}Somebody can be reached at every hour of the two weeks ahead.`;
}
