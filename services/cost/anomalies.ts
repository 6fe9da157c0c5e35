import { Refused } from '../core/errors.ts';
import type { Db, Tx } from '../store/store.ts';
import type { CostDeps } from './deps.ts';
import { dayFrom, dayNumber, type Period } from './period.rules.ts';
import type { Subject } from './sums.ts';
import { notYours, overviewOf, type Sight, sightOf, type Viewer } from './visibility.rules.ts';

export const anomalyCardOf = (id: string): string => `anomaly:${id}`;
const LONGEST_MUTE_DAYS = 90;

/** What people decide about anomalies: known, not wanted, or worse than a number. */
export function anomalyBook(deps: CostDeps) {
  const { db, clock, outbox, organisation } = deps;
  const visible = (row: { team: string | null; key: string }, sight: Sight): boolean =>
    sight.all || (row.team !== null && sight.teams.has(row.team));

  async function locked(tx: Tx, id: string, viewer: Viewer) {
    const row = await tx.selectFrom('cost_anomalies').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (!row)
      throw new Refused(`There is no cost anomaly ${id}.`, 'Say “cost anomalies” for the list.', 'unknown-anomaly');
    if (!visible(row, sightOf(viewer, organisation))) throw notYours(row.key.split(':')[1] ?? row.key, organisation);
    return row;
  }
  async function decide(
    tx: Tx,
    id: string,
    by: string,
    set: { state: 'acknowledged' | 'muted' | 'incident'; reason?: string | undefined },
  ) {
    await tx
      .updateTable('cost_anomalies')
      .set({ state: set.state, reason: set.reason ?? null, decided_by: by, decided_at: clock.now().toString() })
      .where('id', '=', id)
      .execute();
    await outbox.refresh(tx, anomalyCardOf(id));
  }
  /** What anomalies are about it: their keys, or the team that they are of. */
  function coveredBy({ dimension, value }: Subject): { keys: string[]; teams: readonly string[] } {
    const inside = organisation.endpoints.filter(
      ({ models, workspace }) =>
        (dimension === 'workspace' && workspace === value) || (dimension === 'model' && models.includes(value)),
    );
    return {
      keys: [`${dimension}:${value}`, ...inside.map(({ id }) => `endpoint:${id}`)],
      teams:
        dimension === 'team'
          ? [value]
          : dimension === 'department'
            ? (organisation.departments.find(({ id }) => id === value)?.teams ?? [])
            : [],
    };
  }
  const over = (state: string) => state === 'incident' || state === 'acknowledged';

  return {
    async find(at: Db | Tx, id: string, viewer?: Viewer) {
      const row = await at.selectFrom('cost_anomalies').selectAll().where('id', '=', id).executeTakeFirst();
      if (row && viewer && !visible(row, sightOf(viewer, organisation)))
        throw notYours(row.key.split(':')[1] ?? row.key, organisation);
      return row;
    },

    /** Of a thing and a time, or all: the newest first, those that nobody decided about before the others. */
    async list(viewer: Viewer, { subject, period }: { subject?: Subject; period?: Period } = {}, most = 50) {
      const sight = overviewOf(viewer, organisation);
      let rows = db.selectFrom('cost_anomalies').selectAll().orderBy('day', 'desc').orderBy('id', 'desc').limit(most);
      // No team is called '': a list without any would be no SQL.
      if (!sight.all) rows = rows.where('team', 'in', [...sight.teams, '']);
      if (subject) {
        const { keys, teams } = coveredBy(subject);
        rows = rows.where((e) => e.or([e('key', 'in', keys), e('team', 'in', [...teams, ''])]));
      }
      if (period) rows = rows.where('day', '>=', dayNumber(period.from)).where('day', '<=', dayNumber(period.to));
      const seen = await rows.execute();
      return [...seen.filter(({ state }) => state === 'open'), ...seen.filter(({ state }) => state !== 'open')];
    },

    async acknowledge(tx: Tx, id: string, viewer: Viewer, reason?: string): Promise<void> {
      const row = await locked(tx, id, viewer);
      if (over(row.state))
        throw new Refused(
          `${id} was ${row.state === 'incident' ? `made ${row.incident ?? 'an incident'}` : 'acknowledged'} already.`,
        );
      await decide(tx, id, viewer.id, { state: 'acknowledged', reason });
    },

    /** Nothing of this key is told until then; what is found meanwhile is kept and says why it was not. */
    async mute(tx: Tx, id: string, viewer: Viewer, days: number, reason: string): Promise<string> {
      if (!Number.isInteger(days) || days < 1 || days > LONGEST_MUTE_DAYS)
        throw new Refused(
          `A mute lasts 1 to ${LONGEST_MUTE_DAYS} days.`,
          'What is normal for longer becomes so by itself.',
        );
      const row = await locked(tx, id, viewer);
      const until = clock
        .now()
        .add({ hours: 24 * days })
        .toString();
      const values = { until, reason, by: viewer.id, at: clock.now().toString() };
      await tx
        .insertInto('cost_mutes')
        .values({ key: row.key, ...values })
        .onConflict((conflict) => conflict.column('key').doUpdateSet(values))
        .execute();
      await decide(tx, id, viewer.id, { state: 'muted', reason });
      return until;
    },

    async unmute(tx: Tx, id: string, viewer: Viewer): Promise<void> {
      const row = await locked(tx, id, viewer);
      await tx.deleteFrom('cost_mutes').where('key', '=', row.key).execute();
      await tx
        .updateTable('cost_anomalies')
        .set({ state: 'open', reason: null, decided_by: null, decided_at: null })
        .where('id', '=', id)
        .where('state', '=', 'muted')
        .execute();
      await outbox.refresh(tx, anomalyCardOf(id));
    },

    /** The alerts domain groups, routes and calls as for every other alert. */
    async toIncident(tx: Tx, id: string, viewer: Viewer): Promise<void> {
      const row = await locked(tx, id, viewer);
      if (row.state === 'incident') throw new Refused(`${id} is an incident already.`);
      const [dimension = '', name = ''] = row.key.split(':');
      const more = Number(row.value) >= Number(row.expected) ? 'more' : 'less';
      await deps.raiseIncident(tx, {
        id,
        ...(dimension === 'endpoint' ? { endpoint: name } : {}),
        ...(row.team ? { team: row.team } : {}),
        headline: `${name} cost ${Number(row.value).toFixed(2)} ${row.currency} on ${dayFrom(row.day)}, ${Math.abs(Number(row.value) - Number(row.expected)).toFixed(2)} ${more} than usual`,
        day: dayFrom(row.day).toString(),
      });
      await decide(tx, id, viewer.id, { state: 'incident' });
    },
  };
}
