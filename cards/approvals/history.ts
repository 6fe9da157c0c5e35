import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions, open } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { bars } from '../parts/charts.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { state } from '../parts/state.ts';
import { clean, counted, opening, plain } from '../parts/text.ts';
import { timeline } from '../parts/timeline.ts';
import { aside, caption, headline } from '../parts/words.ts';

export interface HistoryView {
  now: Temporal.Instant;
  model: string;
  happenings: readonly { at: Temporal.Instant; what: string; version?: string }[];
  versions: number;
  requests: number;
  votes: number;
  rollouts: number;
  rollbacks: number;
  /** `fraud-detector:6 on ep-fraud (90 %)` */
  serving: readonly string[];
  /** Where all of it can be fetched as CSV for a day. */
  file?: string;
  source: string;
}

const SHOWN = 14;

/** Everything that happened to a model, in order. */
export function historyCard(view: HistoryView): Card {
  const perVersion = new Map<string, number>();
  for (const { version } of view.happenings) if (version) perVersion.set(version, (perVersion.get(version) ?? 0) + 1);
  const top = [...perVersion].sort(([a], [b]) => Number(b) - Number(a) || (a < b ? 1 : -1)).slice(0, 5);
  return card({
    summary: historySummary(view),
    state: state({ tone: 'info', icon: 'History', word: counted(view.versions, 'version'), id: view.model }),
    headline: headline(plain(historySummary(view), 300)),
    picture: bars({
      caption: 'What happened, by version',
      xTitle: 'Entries',
      yTitle: 'Version',
      bars: top.map(([version, count]) => ({ label: `version ${version}`, value: count })),
    }),
    facts: facts([
      ['Serves now', view.serving.length > 0 ? plain(view.serving.join(', '), 240) : 'nothing that Azure tells of'],
      ['Votes', String(view.votes)],
    ]),
    details: [
      caption('In order, the latest last'),
      timeline(
        view.happenings.slice(-SHOWN).map(({ at, what }) => ({ at, what: opening(plain(what, 200)) })),
        { shown: SHOWN, total: view.happenings.length },
      ),
      view.file !== undefined && aside(`The file is there for a day: ${clean(view.file, 400)}`),
    ],
    actions: view.file
      ? actions([open('Download CSV', view.file)])
      : actions([act({ title: 'Export all of it', verb: 'approvals.history-export', ids: { model: view.model } })]),
    foot: foot(view.now, view.source),
    wide: true,
  });
}

export const historySummary = ({ model, versions, requests, rollouts, rollbacks }: HistoryView): string =>
  `${clean(model)}: ${counted(versions, 'version')}, ${counted(requests, 'request')}, ${counted(rollouts, 'promotion')}, ${counted(rollbacks, 'rollback')}`;
