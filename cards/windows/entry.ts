import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { counted, plain, sentence } from '../parts/text.ts';
import { when } from '../parts/time.ts';
import { caption, headline, line, soWhat } from '../parts/words.ts';
import { type EntryKind, KIND_LOOKS, ownTime, repeats } from './words.ts';

export interface EntryView {
  now: Temporal.Instant;
  id: string;
  kind: EntryKind;
  name: string;
  scope: string;
  endpoints: readonly string[];
  zone: string;
  from?: Temporal.Instant;
  until?: Temporal.Instant;
  /** "every week on Friday", the rule as it is written. */
  rule?: string;
  reason?: string;
  by?: string;
  exempt: readonly string[];
  notes: readonly string[];
  /** Changes of the plan that it holds up. */
  holdsUp: readonly string[];
  ended?: { at: Temporal.Instant; by: string };
  /** From wardroom.yaml: it is changed there. */
  fromFile: boolean;
  invalid?: string;
}

/** One entry of the calendar: what it is about, when, and how it ends. */
export function entryCard(view: EntryView): Card {
  const look = KIND_LOOKS[view.kind];
  const words = entryWords(view);
  const time = (at: Temporal.Instant) => `${when(at)} · ${ownTime(at, view.zone)}`;
  return card({
    summary: words,
    state: state({
      tone: view.ended ? 'quiet' : look.tone,
      icon: view.ended ? 'Circle' : look.icon,
      word: view.ended ? `${look.word} · ended` : look.word,
      id: view.id,
    }),
    headline: headline(plain(words)),
    soWhat: view.reason ? soWhat(`${view.by ? `${named(view.by)}: ` : ''}${plain(view.reason)}`) : undefined,
    facts: facts([
      ['From', view.from ? time(view.from) : undefined],
      ['Until', view.until ? time(view.until) : view.from ? 'without an end' : undefined],
      ['Repeats', view.rule ? plain(repeats(view.rule)) : undefined],
      ['Not held up', view.exempt.length > 0 ? plain(view.exempt.join(', ')) : undefined],
      ['About', `${plain(view.scope)} (${counted(view.endpoints.length, 'endpoint')})`],
      ['Ended', view.ended ? `${when(view.ended.at)} by ${named(view.ended.by)}` : undefined],
    ]),
    details: [
      view.invalid ? line(plain(`It cannot be read, so what it is about is closed: ${view.invalid}`), 'bad') : false,
      ...view.notes.map((note) => line(plain(note))),
      view.holdsUp.length > 0 && caption(`Holds up ${counted(view.holdsUp.length, 'planned change')}`),
      list(view.holdsUp.map((text) => ({ text: plain(text) }))),
    ],
    actions:
      view.ended || view.fromFile
        ? undefined
        : actions([act({ title: sentence(`end this ${look.word}`), verb: 'windows.end', ids: { entry: view.id } })]),
    foot: foot(view.now, view.fromFile ? 'wardroom.yaml' : 'the calendar'),
  });
}

export const entryWords = ({
  kind,
  name,
  ended,
  scope,
}: Pick<EntryView, 'kind' | 'name' | 'ended' | 'scope'>): string => {
  const { word } = KIND_LOOKS[kind];
  if (kind === 'deny') return ended ? `The freeze of ${scope} is over: ${name}` : `Frozen: ${scope} (${name})`;
  return `${sentence(word)}${ended ? ', ended' : ''}: ${name}, about ${scope}`;
};
