import { Temporal } from 'temporal-polyfill';
import { type SilenceView, silenceCard, silenceSummary } from '../../cards/alerts/silence.ts';
import { type Silence, silenceCardOf } from '../../services/alerts/index.ts';
import type { Answer, Draw, Turn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { said } from '../times.ts';

/** Held alerts that are named; the rest is counted. */
const MOST_HELD = 20;

async function viewOf(rooms: Rooms, silence: Silence, now: Turn['now']): Promise<SilenceView> {
  const { held, total } = await rooms.alerts.silences.held(rooms.db, silence.id, MOST_HELD);
  return {
    now,
    id: silence.id,
    kind: silence.kind,
    state: silence.state,
    what: silence.what,
    from: silence.from,
    until: silence.until,
    by: rooms.people.nameOf(silence.by),
    reason: silence.reason,
    ...(silence.endedBy ? { endedBy: rooms.people.nameOf(silence.endedBy) } : {}),
    held: held.map(({ signal, heldAt }) => ({ headline: signal.headline, since: Temporal.Instant.from(heldAt) })),
    heldTotal: total,
    incidents: silence.incidents.map(({ id }) => id),
  };
}

/** The answer to whoever made, extended, ended or asked for a silence: a card that follows it to its end. */
export async function silenceAnswer(turn: Turn, silence: Silence, reading = false): Promise<Answer> {
  const rooms: Rooms = reading ? turn.rooms : { ...turn.rooms, db: turn.tx };
  const view = await viewOf(rooms, silence, turn.now);
  const quieted = silence.incidents.length > 0 ? ` ${view.incidents.join(', ')} calls nobody more meanwhile.` : '';
  return {
    text: `${silenceSummary(view)} (until ${said(silence.until, turn.actor.zone)}): ${silence.reason}.${quieted}`,
    card: silenceCard(view),
    live: { card: silenceCardOf(silence.id), kind: 'alerts.silence', ids: { silence: silence.id } },
    data: {
      id: silence.id,
      kind: silence.kind,
      state: silence.state,
      what: silence.what,
      from: silence.from.toString(),
      until: silence.until.toString(),
      holds: view.heldTotal,
      incidents: view.incidents,
    },
    objects: [silence.id, ...(silence.incident ? [silence.incident] : [])],
    why: silence.reason,
  };
}

const draw =
  (ending: boolean): Draw =>
  async (rooms, { ids }, now) => {
    const silence = await rooms.alerts.silences.find(rooms.db, ids['silence'] ?? '');
    if (!silence || (ending && silence.state !== 'in force')) return undefined;
    const view = { ...(await viewOf(rooms, silence, now)), ...(ending ? { ending } : {}) };
    return { card: silenceCard(view), summary: silenceSummary(view) };
  };

/** The living card of a silence. */
export const silenceNotice = draw(false);
/** To whoever made it, ahead of its end. */
export const silenceEnding = draw(true);
