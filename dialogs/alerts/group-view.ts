import { type GroupView, groupCard, groupSummary } from '../../cards/alerts/group.ts';
import type { EpisodeRow } from '../../services/alerts/index.ts';
import type { Draw } from '../capability.ts';
import { alertLine, neededIncident, spokenTitle } from './view.ts';

/** Alerts named on the card; the rest is counted. */
const MOST = 20;

/** What a group of alerts has to say, as it is when the message is sent. */
export const groupNotice: Draw = async (rooms, { ids }, now) => {
  const row = await neededIncident(rooms, ids['incident'] ?? '');
  const speech = await rooms.alerts.speech(rooms.db, row.id);
  if (!speech?.told) return undefined;
  const { told } = speech;
  const episodes = await rooms.alerts.episodes(rooms.db, row.id);
  const latest = [...new Map(episodes.map((episode) => [episode.signal.dedupKey, episode])).values()];
  const resolved = ids['what'] === 'resolved';
  const over = new Set((ids['over'] ?? '').split(' ').filter(Boolean));
  const firing = latest.filter(({ signal, endedAt }) => !endedAt && told.firing.includes(signal.dedupKey));
  const ended = latest.filter(({ signal, endedAt }) => endedAt && (resolved || over.has(signal.dedupKey)));
  const open = latest.filter(({ endedAt }) => !endedAt).length;
  const lines = (list: readonly EpisodeRow[]) => list.slice(-MOST).map(alertLine);
  const view: GroupView = {
    now,
    incident: row.id,
    severity: Math.min(4, Math.max(1, row.severity)) as GroupView['severity'],
    headline: spokenTitle(row, latest, resolved ? undefined : told.firing),
    what: resolved ? 'resolved' : (WHAT.find((each) => each === ids['what']) ?? 'new'),
    firing: lines(firing),
    firingTotal: firing.length,
    over: lines(ended),
    overTotal: ended.length,
    muted: open - firing.length,
  };
  return { card: groupCard(view), summary: groupSummary(view) };
};

const WHAT = ['new', 'over', 'repeat'] as const;
