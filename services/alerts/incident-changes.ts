import { Refused } from '../core/errors.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import type { AlertsDeps } from './deps.ts';
import type { Escalations } from './escalations.ts';
import { moveAll, moveEpisode, openedNoLater, related } from './incident-changes.store.ts';
import { episodesOf, type IncidentRow, lockIncident, updateIncident } from './incidents.store.ts';
import { closed } from './open-incident.ts';
import { severity } from './severity.rules.ts';
import { story } from './story.ts';

const MOST_RELATED = 8;

/** What people change about an incident by hand: how bad it is, what belongs to it, what is noted down. */
export function incidentChanges(deps: AlertsDeps, pages: Escalations, acks: Acknowledgements) {
  const { clock, audit, outbox, organisation } = deps;
  const tell = story(deps);

  async function needed(tx: Tx, id: string, open = true): Promise<IncidentRow> {
    const row = await lockIncident(tx, id);
    if (!row) throw new Refused(`There is no incident ${id}.`, 'Say “incidents” for the list.', 'unknown-incident');
    if (open && row.state === 'resolved') throw new Refused(`${id} is resolved already.`, '', 'finished');
    return row;
  }

  const computed = async (tx: Tx, row: IncidentRow): Promise<number> => {
    const signals = (await episodesOf(tx, row.id)).map(({ signal }) => signal);
    const endpoint = organisation.endpoints.find(({ id }) => id === row.endpoint);
    return severity(signals, endpoint?.business).sev;
  };

  return {
    /** Holds until what the alerts say is worse than it was now. Worse than before calls again who had it. */
    async setSeverity(tx: Tx, id: string, to: number, by: string): Promise<{ from: number }> {
      const row = await needed(tx, id);
      if (row.severity === to) throw new Refused(`${id} is SEV ${to} already.`);
      const set = { to, computed: await computed(tx, row), by };
      await updateIncident(tx, id, { severity: to, severity_set: JSON.stringify(set) });
      if (to < row.severity && row.state === 'acknowledged') await acks.worse(tx, id);
      // A step that is for worse incidents may be due now, and one that waited for it may go.
      else if (row.state === 'open') await pages.run(tx, id);
      await outbox.refresh(tx, `incident:${id}`);
      const ids = { from: String(row.severity), severity: String(to), who: by };
      await tell(tx, row, { what: 'severity', key: `severity:${id}:${clock.ms()}`, by, ids });
      return { from: row.severity };
    },

    /** Everything of `from` belongs to `into`, and `from` is closed and says so. */
    async merge(tx: Tx, from: string, into: string, by: string, reason: string | undefined): Promise<number> {
      if (from === into) throw new Refused('An incident cannot be merged into itself.', 'Name two incidents.');
      // Always in the same order, so that two people who merge the other way round do not wait for each other.
      const [first, second] = [from, into].sort();
      await needed(tx, first ?? from, false);
      await needed(tx, second ?? into, false);
      const [gone, kept] = [await needed(tx, from), await needed(tx, into)];
      const moved = await moveAll(tx, from, into);
      await openedNoLater(tx, into, gone.opened_at);
      const worse = Math.min(gone.severity, kept.severity);
      await updateIncident(tx, into, { severity: worse, last_signal_at: clock.now().toString() });
      const why = `It is the same trouble as ${into}${reason ? `: ${reason}` : ''}.`;
      const { escalation } = gone;
      await updateIncident(tx, from, {
        state: 'resolved',
        resolved_at: clock.now().toString(),
        resolved_by: by,
        merged_into: into,
        why,
        escalation: closed(escalation),
      });
      await tx.updateTable('incident_tasks').set({ incident: into }).where('incident', '=', from).execute();
      await pages.withdraw(tx, from);
      for (const id of [from, into]) await outbox.refresh(tx, `incident:${id}`);
      await audit.append(tx, {
        actor: by,
        action: 'alerts.merged',
        objects: [from, into],
        why: reason,
        detail: { from, into, moved },
      });
      await tell(tx, gone, { what: 'merged', key: `merged:${from}:${into}`, by, ids: { into } });
      if (worse < kept.severity && kept.state === 'acknowledged') await acks.worse(tx, into);
      return moved;
    },

    /** One alert of an incident, by its place in the list (from 1), belongs to another one. */
    async move(tx: Tx, from: string, place: number, into: string): Promise<string> {
      if (from === into) throw new Refused('It is there already.', 'Name another incident.');
      await needed(tx, from);
      await needed(tx, into);
      const all = await episodesOf(tx, from);
      const episode = all[place - 1];
      if (!episode)
        throw new Refused(
          `${from} has ${all.length === 1 ? 'one alert' : `${all.length} alerts`}; there is no ${place}.`,
          `Say “alerts of ${from}”.`,
        );
      if (all.length === 1) throw new Refused(`It is the only alert of ${from}.`, `Say “merge ${from} into ${into}”.`);
      await moveEpisode(tx, episode.id, into);
      await openedNoLater(tx, into, episode.startedAt.toString());
      await updateIncident(tx, into, { last_signal_at: clock.now().toString() });
      for (const id of [from, into]) await outbox.refresh(tx, `incident:${id}`);
      return episode.signal.headline;
    },

    /** Whether there is such an incident, for what is only written down. */
    note: (tx: Tx, id: string) => needed(tx, id, false),

    related: (db: Db, row: IncidentRow) => related(db, row, MOST_RELATED),
  };
}
