import type { Temporal } from 'temporal-polyfill';
import type { CriterionVerdict, PilotVerdict } from '../../services/intake/pilot.rules.ts';
import type { Card } from '../card.ts';
import { act, actions, ask } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { choiceInput, textInput } from '../parts/inputs.ts';
import { list } from '../parts/list.ts';
import { number } from '../parts/numbers.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { plain } from '../parts/text.ts';
import { fromNow, when } from '../parts/time.ts';
import type { Tone } from '../parts/tone.ts';
import { headline, line, soWhat } from '../parts/words.ts';

export interface PilotCardView {
  now: Temporal.Instant;
  id: string;
  title: string;
  /** Without one nothing was agreed yet. */
  verdict?: PilotVerdict;
  because?: string;
  deadline?: Temporal.Instant;
  criteria: readonly {
    id: string;
    metric: string;
    direction: 'up' | 'down';
    baseline: number;
    target: number;
    failure?: number;
    minSample: number;
    verdict: CriterionVerdict;
    because: string;
    source?: string;
  }[];
  decision?: { choice: 'go' | 'stop' | 'extend'; by: string; why: string };
  decided: boolean;
}

const LOOK: Readonly<Record<PilotVerdict, { tone: Tone; word: string }>> = {
  succeeded: { tone: 'good', word: 'succeeded' },
  failed: { tone: 'bad', word: 'failed' },
  inconclusive: { tone: 'warning', word: 'inconclusive' },
  running: { tone: 'info', word: 'running' },
};
const MARK: Readonly<Record<CriterionVerdict, string>> = {
  met: '✔',
  missed: '▲',
  failed: '✖',
  undecided: '◆',
  'not-enough-data': '○',
  'not-measured': '○',
};

/** What was promised, what was measured, and what follows, with its arithmetic. */
export function pilotCard(view: PilotCardView): Card {
  const { id, title, verdict, because, criteria, decision } = view;
  const look = verdict ? LOOK[verdict] : { tone: 'quiet' as const, word: 'not planned' };
  const words = verdict
    ? `The pilot of ${title} ${verdict === 'running' ? 'is running' : verdict === 'inconclusive' ? 'is inconclusive' : `has ${verdict}`}`
    : `${title} has no pilot yet`;
  const deciding = ask(
    'Decide',
    [
      choiceInput({
        id: 'choice',
        label: 'What follows',
        error: 'Choose one',
        required: true,
        choices: [
          { title: 'Go live', value: 'go' },
          { title: 'Stop', value: 'stop' },
        ],
      }),
      textInput({ id: 'reason', label: 'Why', error: 'Say why', required: true, lines: true }),
    ],
    act({ title: 'Keep the decision', verb: 'intake.decide', ids: { useCase: id }, inputs: 'auto' }),
  );
  return card({
    summary: `${id}: ${words}`,
    state: state({ tone: look.tone, word: `pilot · ${look.word}`, icon: 'Beaker', id }),
    headline: headline(`${plain(words)}.`),
    soWhat: because
      ? soWhat(plain(because, 400))
      : soWhat(`Say “plan pilot of ${id}”: a metric, its target, and when it has failed.`),
    facts: facts([
      ['Decided', decision ? `${decision.choice} by ${named(decision.by)}: ${plain(decision.why)}` : undefined],
      ['Deadline', view.deadline ? `${when(view.deadline)} (${fromNow(view.now, view.deadline)})` : undefined],
    ]),
    details: [
      list(
        criteria.map(
          ({ metric, direction, baseline, target, failure, minSample, verdict: judged, because: how, source }) => ({
            text: `${MARK[judged]} **${plain(metric, 80)}** ${direction === 'up' ? 'from' : 'down from'} ${number(baseline)} to ${number(target)}: ${judged.replaceAll('-', ' ')}`,
            detail: [
              plain(how),
              failure === undefined ? undefined : `failed at ${number(failure)}`,
              `at least ${minSample.toLocaleString('en-GB')} cases`,
              source ? `from ${plain(source, 80)}` : undefined,
            ]
              .filter(Boolean)
              .join(' · '),
          }),
        ),
        { shown: 8, spacing: 'Medium' },
      ),
      view.decided && line('The decision is made.'),
    ],
    actions: view.decided
      ? actions([act({ title: `Show ${id}`, verb: 'intake.show', ids: { useCase: id } })])
      : verdict
        ? actions([deciding], [act({ title: 'Add a criterion', verb: 'intake.plan-pilot', ids: { useCase: id } })])
        : actions([act({ title: 'Plan the pilot', verb: 'intake.plan-pilot', ids: { useCase: id }, main: true })]),
    foot: foot(view.now, 'criteria and results of this pilot'),
  });
}
