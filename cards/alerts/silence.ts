import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { named } from '../parts/person.ts';
import { type State, state } from '../parts/state.ts';
import { clean, counted, plain } from '../parts/text.ts';
import { between, clock, fromNow, when } from '../parts/time.ts';
import { caption, headline, soWhat } from '../parts/words.ts';

export type SilenceLook = 'ahead' | 'in force' | 'over' | 'ended';

export interface SilenceView {
  now: Temporal.Instant;
  id: string;
  kind: 'silence' | 'maintenance';
  state: SilenceLook;
  /** Matchers as people type them. */
  what: string;
  from: Temporal.Instant;
  until: Temporal.Instant;
  by: string;
  reason: string;
  endedBy?: string;
  /** Alerts it holds back now, the latest first, and how many there are. */
  held: readonly { headline: string; since: Temporal.Instant }[];
  heldTotal: number;
  /** Incidents that call nobody because of it. */
  incidents: readonly string[];
  /** A notice ahead of its end and not the thing itself. */
  ending?: boolean;
}

const LOOKS: Readonly<Record<SilenceLook, Omit<State, 'id'>>> = {
  ahead: { tone: 'info', word: 'ahead', icon: 'Clock' },
  'in force': { tone: 'warning', word: 'in force', icon: 'SpeakerMute' },
  over: { tone: 'quiet', word: 'over', icon: 'CheckmarkCircle' },
  ended: { tone: 'quiet', word: 'ended early', icon: 'CheckmarkCircle' },
};
export const silenceLook = (view: Pick<SilenceView, 'state' | 'kind'>): Omit<State, 'id'> => ({
  ...LOOKS[view.state],
  word: `${view.kind} ${LOOKS[view.state].word}`,
});

/** Alerts that keep quiet for a while: which, until when, who said so and why, and what it holds back now. */
export function silenceCard(view: SilenceView): Card {
  const live = view.state === 'in force' || view.state === 'ahead';
  const ids = { [view.kind]: view.id };
  return card({
    summary: silenceSummary(view),
    state: state({ ...silenceLook(view), id: view.id }),
    headline: headline(plain(clean(view.what, 160))),
    soWhat: soWhat(meaning(view)),
    facts: facts([
      ['Until', live ? `${when(view.until)} (${fromNow(view.now, view.until)})` : when(view.until)],
      ['From', when(view.from)],
      ['By', named(view.by)],
      ['Why', plain(view.reason)],
      ['Ended by', view.endedBy && named(view.endedBy)],
      [
        'Incidents',
        view.incidents.length > 0
          ? view.incidents
              .slice(0, 5)
              .map((id) => plain(id))
              .join(', ')
          : undefined,
      ],
    ]),
    details: [
      view.heldTotal > 0 ? caption(`${counted(view.heldTotal, 'alert')} held back now`) : undefined,
      list(
        view.held.map(({ headline: text, since }) => ({ text: `▲ ${plain(text, 160)} · since ${clock(since)}` })),
        { total: view.heldTotal },
      ),
    ],
    actions: live
      ? actions([
          act({ title: `End ${view.id}`, verb: 'alerts.end-silence', ids }),
          act({ title: 'One hour more', verb: 'alerts.extend-silence', ids: { ...ids, duration: 'PT1H' } }),
        ])
      : undefined,
    foot: foot(view.now, 'Wardroom'),
  });
}

/** "SIL-3: ep-fraud keeps quiet for 2 h" */
export function silenceSummary(view: SilenceView): string {
  const what = `${view.id}: ${clean(view.what, 120)}`;
  if (view.ending) return `${what} speaks again ${fromNow(view.now, view.until)}`;
  if (view.state === 'ahead') return `${what} will keep quiet for ${between(view.from, view.until)}`;
  if (view.state === 'in force') return `${what} keeps quiet for ${between(view.now, view.until)}`;
  return `${what} speaks again`;
}

function meaning(view: SilenceView): string {
  const { state: now, heldTotal, incidents, kind, ending } = view;
  const told = heldTotal + incidents.length;
  if (ending) {
    return told > 0
      ? `It ends ${fromNow(view.now, view.until)}. What still fires then is told: ${counted(told, 'alert')} as it looks now.`
      : `It ends ${fromNow(view.now, view.until)}. Nothing that it covers fires now.`;
  }
  if (now === 'ahead') return `Begins ${fromNow(view.now, view.from)}. Until then everything is told as ever.`;
  if (now === 'in force') {
    const goes = kind === 'maintenance' ? ' Incidents from before it go on as planned.' : '';
    return `Alerts that fit are kept and call nobody; what still fires at its end is told then.${goes}`;
  }
  return 'What still fires has been told.';
}
