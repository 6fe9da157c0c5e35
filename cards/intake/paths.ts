import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions, ask } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { choiceInput, textInput } from '../parts/inputs.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { joined, plain } from '../parts/text.ts';
import { headline, line, soWhat } from '../parts/words.ts';

interface PathView {
  people: readonly string[];
  minutes: number;
  /** Who set it. */
  by: string;
}

export interface PathsView {
  now: Temporal.Instant;
  id: string;
  title: string;
  /** They count from then on. */
  live: boolean;
  performance?: PathView;
  ethics?: PathView;
}

const length = (minutes: number): string =>
  minutes % 1440 === 0 ? `${minutes / 1440} d` : minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;

/** Who is called for a use case, and what happens when nobody of them answers. */
export function pathsCard(view: PathsView): Card {
  const { id, title, live, performance, ethics } = view;
  const words = performance || ethics ? `Who is called for ${title}` : `${title} has no path of its own`;
  const setting = ask(
    'Set who is called',
    [
      choiceInput({
        id: 'kind',
        label: 'When',
        error: 'Choose one',
        required: true,
        value: 'performance',
        choices: [
          { title: 'It degrades: one after the other', value: 'performance' },
          { title: 'Somebody has an ethical concern: all of them', value: 'ethics' },
        ],
      }),
      textInput({
        id: 'people',
        label: 'Who, with commas between them',
        error: 'Name somebody',
        required: true,
        placeholder: 'Gita Rao, Ben Okafor',
        limit: 300,
      }),
      textInput({
        id: 'every',
        label: 'Time between them, or until they are reminded',
        error: 'Such as 20m or 8h',
        placeholder: 'such as 20m or 8h',
        limit: 30,
      }),
    ],
    act({ title: 'Keep it', verb: 'intake.call', ids: { useCase: id }, inputs: 'auto' }),
  );
  return card({
    summary: `${id}: ${words}`,
    state: state({
      tone: live ? 'good' : 'info',
      word: live ? 'in force' : 'from the day it is live',
      icon: 'PersonCall',
      id,
    }),
    headline: headline(`${plain(words)}.`),
    soWhat: soWhat(
      live
        ? 'Incidents of what carries it, and concerns about it, go this way.'
        : 'Until it is live, alerts and concerns go the way of the endpoint and of the organisation.',
    ),
    facts: facts([
      [
        'When it degrades',
        performance
          ? `${performance.people.map(named).join(', then ')}, ${length(performance.minutes)} apart; then as the endpoint says`
          : 'as the endpoint says',
      ],
      [
        'Concerns',
        ethics
          ? `${joined(ethics.people.map(named))}, reminded after ${length(ethics.minutes)}`
          : "the organisation's own path",
      ],
      [
        'Set by',
        joined([...new Set([performance?.by, ethics?.by].flatMap((by) => (by ? [named(by)] : [])))]) || undefined,
      ],
    ]),
    details: [
      line(
        'Whoever left is passed over; when nobody is left the way goes on as if there were no path, and the owner is told.',
      ),
    ],
    actions: actions([setting, act({ title: `Show ${id}`, verb: 'intake.show', ids: { useCase: id } })]),
    foot: foot(view.now, 'what people set for this use case'),
  });
}
