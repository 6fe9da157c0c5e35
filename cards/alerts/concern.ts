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
import { clean, counted, joined, plain } from '../parts/text.ts';
import { day, when } from '../parts/time.ts';
import { headline, line, soWhat } from '../parts/words.ts';

export interface ConcernView {
  now: Temporal.Instant;
  id: string;
  about: string;
  endpoint?: string;
  text: string;
  state: 'open' | 'answered' | 'closed';
  /** Left out when it was raised anonymously. */
  by?: string;
  at: Temporal.Instant;
  heardBy: readonly string[];
  notes: readonly { what: 'answered' | 'closed' | 'contained'; by: string; text: string; at: Temporal.Instant }[];
}

const LOOK = {
  open: { tone: 'warning', word: 'concern, unanswered' },
  answered: { tone: 'info', word: 'concern, answered' },
  closed: { tone: 'good', word: 'concern, closed' },
} as const;
const DID = { answered: 'answered', closed: 'closed it', contained: 'stopped it' } as const;

/** A concern as those who hear it see it, and with the answer as whoever raised it does. */
export function concernCard(view: ConcernView): Card {
  const { id, about, text, by, at, notes, endpoint } = view;
  const closed = view.state === 'closed';
  return card({
    summary: concernSummary(view),
    state: state({ ...LOOK[view.state], id }),
    headline: headline(plain(`Somebody is concerned about ${about}.`)),
    soWhat: soWhat(plain(text, 1500)),
    facts: facts([
      ['Raised by', by ? named(by) : 'somebody who stays unknown'],
      ['Raised', by ? when(at) : `${day(at)} (the minute is not kept)`],
      ['Heard by', plain(joined([...view.heardBy]), 160)],
    ]),
    details: [
      list(
        notes.map((note) => ({
          text: `**${named(note.by)}** ${DID[note.what]}: ${plain(note.text, 500)}`,
          detail: when(note.at),
        })),
        { shown: 6 },
      ),
    ],
    actions: closed
      ? undefined
      : actions(
          [answerForm(id), act({ title: 'Close', verb: 'alerts.close-concern', ids: { concern: id } })],
          [
            endpoint
              ? act({
                  title: `Stop ${endpoint}`,
                  verb: 'alerts.contain',
                  ids: { endpoint, concern: id },
                  dangerous: true,
                  tooltip: 'All its traffic, with a second person',
                })
              : undefined,
          ],
        ),
    foot: foot(view.now, 'concerns'),
  });
}

/** Closing asks for its reason by itself: two forms on a card would share the name of their field. */
const answerForm = (id: string) =>
  ask(
    'Answer',
    [
      textInput({
        id: 'text',
        label: 'What do you say to it?',
        error: 'Write a sentence',
        required: true,
        lines: true,
        limit: 1000,
      }),
    ],
    act({ title: `Answer ${id}`, verb: 'alerts.answer-concern', ids: { concern: id }, inputs: 'auto' }),
  );

export const concernSummary = ({ id, about, state: now }: Pick<ConcernView, 'id' | 'about' | 'state'>): string =>
  now === 'open' ? `${id}: somebody is concerned about ${clean(about, 120)}` : `${id} is ${now}: ${clean(about, 120)}`;

export interface ConcernsView {
  now: Temporal.Instant;
  scope: 'open' | 'all';
  concerns: readonly Pick<ConcernView, 'id' | 'about' | 'state' | 'at' | 'text'>[];
}

/** Concerns, the latest first. */
export function concernsCard({ now, scope, concerns }: ConcernsView): Card {
  const unanswered = concerns.filter((each) => each.state === 'open').length;
  const head =
    concerns.length === 0
      ? scope === 'open'
        ? 'No concern is open.'
        : 'Nobody has raised a concern yet.'
      : `${counted(concerns.length, 'concern')}, ${unanswered} unanswered.`;
  return card({
    summary: head,
    state: state(
      concerns.length === 0
        ? { tone: 'quiet', word: 'none' }
        : unanswered > 0
          ? { tone: 'warning', word: `${unanswered} unanswered` }
          : { tone: 'good', word: 'all answered' },
    ),
    headline: headline(head),
    soWhat: soWhat(
      'Anybody can raise one: “raise concern about fraud-detector: …”, or “raise anonymous concern about …”.',
    ),
    details: [
      list(
        concerns.map(({ id, about, state: at, text, at: raised }) => ({
          text: `**${id}** ${plain(about, 80)}: ${LOOK[at].word}`,
          detail: `${plain(text, 160)} · ${day(raised)}`,
          select: act({ title: id, verb: 'alerts.concern', ids: { concern: id } }),
        })),
        { shown: 8 },
      ),
    ],
    actions: actions([
      scope === 'open' && act({ title: 'All concerns', verb: 'alerts.concerns', ids: { which: 'all' } }),
    ]),
    foot: foot(now, 'concerns'),
  });
}

export interface ConcernThanksView {
  now: Temporal.Instant;
  id: string;
  about: string;
  heardBy: readonly string[];
  anonymous: boolean;
}

/** To whoever raised it. */
export function concernThanksCard({ now, id, about, heardBy, anonymous }: ConcernThanksView): Card {
  return card({
    summary: `${id} is raised`,
    state: state({ tone: 'good', word: 'raised', id }),
    headline: headline(plain(`Your concern about ${about} has reached ${joined([...heardBy])}.`)),
    soWhat: soWhat(
      anonymous
        ? 'Nothing that I keep says who you are. What you wrote still stands in this chat: delete your message and this one if others may read it here. Ask for the answer by its number.'
        : 'You are told when it is answered.',
    ),
    details: [anonymous && line(`Say “concern ${id}” to see what became of it; whoever asks sees the same.`)],
    foot: foot(now, 'concerns'),
  });
}
