import type { Timer } from '../core/clock.ts';
import { messageOf, Refused } from '../core/errors.ts';
import { faults } from '../core/faults.ts';
import { onCall } from '../core/schedule.rules.ts';
import type { Db, Tx } from '../store/store.ts';
import { inTransaction } from '../store/transaction.ts';
import type { AlertsDeps } from './deps.ts';
import type { Escalations } from './escalations.ts';
import { effectiveSchedule } from './oncall.store.ts';
import { withPlans } from './oncall-rotations.store.ts';
import { GRACE_MINUTES, WATCH } from './watch.ts';
import * as rows from './watchdog.store.ts';

export const PULSE = 'alerts-pulse';
export const TEST_PAGE = 'alerts-test-page';
export const TEST_ROUND = 'alerts-test-round';

/** The process looks by itself, too, in real time: timers in the database may be what was lost. */
const LOOK_MS = 30_000;
const DELIVERED_MINUTES = 2;
const CONFIRMED_MINUTES = 30;
/** A second late step within this time is no accident. */
const ACCIDENT_HOURS = 24;
const LEASE_SECONDS = 60;

export const testPageKey = (id: number): string => `test-page:${id}`;

/** The watch over the pager itself: steps that nobody told, a call to the outside, pages that prove the way. */
export function watchdog(deps: AlertsDeps, pages: Escalations) {
  const { store, clock, audit, outbox, jobs, organisation, people } = deps;
  let stopped = false;
  let watching = false;
  let timer: Timer | undefined;
  /** When this process began to watch. */
  let since = Number.NEGATIVE_INFINITY;

  /** Where it can still be heard when paging is what is broken: the fallback channel and every admin. */
  async function alarm(
    tx: Tx,
    what: 'overdue' | 'undelivered' | 'unconfirmed',
    key: string,
    ids: Record<string, string>,
  ) {
    const now = clock.now();
    await rows.keepPulse(tx, { alarmed_at: now.toString() });
    await audit.append(tx, {
      actor: 'wardroom',
      action: 'alerts.pager-alarm',
      objects: [],
      outcome: 'failed',
      why: what,
      detail: ids,
    });
    const admins = ((await people.members()) ?? []).filter(({ active, roles }) => active && roles.includes('admin'));
    const where = [`channel:${organisation.fallbackChannel}`, ...admins.map(({ id }) => `person:${id}`)];
    for (const conversation of where)
      await outbox.say(tx, {
        key: `pager-alarm:${key}:${conversation}`,
        kind: 'alerts.pager-alarm',
        ids: { ...ids, what, at: now.toString() },
        conversation,
        priority: 0,
      });
  }

  /** Tells what is overdue, once for each step; when it happens again within a day, somebody has to look at the pager. */
  async function look(tx: Tx): Promise<number> {
    const now = clock.now();
    const late = now.subtract({ minutes: GRACE_MINUTES }).epochMilliseconds;
    let healed = 0;
    for (const { id, escalation } of await rows.waitingIncidents(tx)) {
      const { timer, generation, state } = escalation;
      // After an outage the timers themselves come late, and that is no fault of theirs.
      if (timer === undefined || state.held || Math.max(timer, since) > late) continue;
      const before = await rows.overdueSince(tx, now.subtract({ hours: ACCIDENT_HOURS }));
      const fresh = await rows.noteOverdue(tx, id, generation, state.next, now);
      await pages.run(tx, id);
      healed += 1;
      const minutes = Math.round((now.epochMilliseconds - timer) / 60_000);
      const why = `step ${state.next + 1} was ${minutes} min late; it is told now`;
      await audit.append(tx, { actor: 'wardroom', action: 'alerts.healed', objects: [id], why });
      if (before.length > 0 || !fresh)
        await alarm(tx, 'overdue', `${id}:${generation}:${state.next}`, { incident: id, minutes: String(minutes) });
    }
    await rows.keepPulse(tx, { looked_at: now.toString() });
    return healed;
  }

  jobs.handle(WATCH, async (tx) => void (await look(tx)));

  const heartbeatEvery = organisation.watchdog.heartbeat;
  jobs.handleOutside(PULSE, LEASE_SECONDS, async () => {
    const url = deps.heartbeatUrl;
    const state = await rows.pulseOf(store.db);
    const alarmed = state?.alarmed_at && Date.parse(state.alarmed_at) > clock.ms() - 3_600_000;
    let error: string | undefined;
    // While paging is broken the outside must not hear that all is well.
    if (alarmed) error = 'held back: the pager has an alarm of its own';
    else if (url) {
      try {
        await deps.pulse(url);
      } catch (thrown) {
        error = messageOf(thrown);
      }
    }
    return async (tx) => {
      const now = clock.now();
      if (url)
        await rows.keepPulse(tx, {
          tried_at: now.toString(),
          failures: error === undefined ? 0 : (state?.failures ?? 0) + 1,
          last_error: error ?? null,
          ...(error === undefined ? { heard_at: now.toString() } : {}),
        });
      if (url) await jobs.enqueue(tx, PULSE, {}, { at: now.add({ minutes: heartbeatEvery }) });
    };
  });

  async function page(tx: Tx, person: string, by: string): Promise<number> {
    const id = await rows.addTestPage(tx, person, by, clock.now());
    await outbox.say(tx, {
      key: testPageKey(id),
      kind: 'alerts.test-page',
      ids: { page: String(id) },
      conversation: `person:${person}`,
      // As urgent as a page for the worst, or it would prove another way.
      priority: 0,
    });
    await jobs.enqueue(
      tx,
      TEST_PAGE,
      { page: id, look: 'delivered' },
      { at: clock.now().add({ minutes: DELIVERED_MINUTES }) },
    );
    await jobs.enqueue(
      tx,
      TEST_PAGE,
      { page: id, look: 'confirmed' },
      { at: clock.now().add({ minutes: CONFIRMED_MINUTES }) },
    );
    return id;
  }

  async function check(
    tx: Tx,
    { page: id, look: what }: { page: number; look: 'delivered' | 'confirmed' },
  ): Promise<void> {
    const row = await rows.lockTestPage(tx, id);
    if (!row || row.settled) return;
    const at = await rows.sentAt(tx, testPageKey(id));
    if (at) await rows.keepTestPage(tx, id, { delivered_at: at });
    const ids = { page: String(id), person: row.person };
    if (!at) {
      await rows.keepTestPage(tx, id, { alarmed_at: clock.now().toString(), settled: what === 'confirmed' });
      return alarm(tx, 'undelivered', `${id}:undelivered`, ids);
    }
    if (what === 'delivered') return;
    await rows.keepTestPage(tx, id, {
      settled: true,
      ...(row.confirmed_at ? {} : { alarmed_at: clock.now().toString() }),
    });
    if (!row.confirmed_at) await alarm(tx, 'unconfirmed', `${id}:unconfirmed`, ids);
  }
  jobs.handle(TEST_PAGE, async (tx, batch) => {
    for (const timer of batch) await check(tx, timer as Parameters<typeof check>[1]);
  });

  /** Pages whoever is on call, in the rhythm of wardroom.yaml; a round of an older file is void. */
  jobs.handle(TEST_ROUND, async (tx, batch) => {
    for (const { schedule: name, every } of batch as { schedule: string; every: number }[]) {
      const wanted = organisation.watchdog.testPages.find((one) => one.schedule === name && one.every === every);
      const planned = (await withPlans(tx, organisation)).schedules.find(({ id }) => id === name);
      if (!wanted || !planned) continue;
      const now = clock.now();
      for (const person of onCall(await effectiveSchedule(tx, planned, now), now).people)
        if (people.byId(person)?.active) await page(tx, person, 'wardroom');
      await jobs.enqueue(tx, TEST_ROUND, { schedule: name, every }, { at: now.add({ minutes: every }) });
    }
  });

  /** In real time and beside the timers: what was lost with them is found all the same. */
  const met = faults({
    clock,
    log: deps.log,
    says: 'the watch over the pager failed; it looks again',
    again: 'the watch over the pager works again',
    level: 'warn',
  });
  function watch(): void {
    timer = clock.timeout(() => {
      if (stopped) return;
      inTransaction(store.db, look)
        .then((healed) => {
          if (healed > 0) jobs.kick();
          met.worked();
        })
        .catch(met.failed)
        .finally(() => stopped || watch());
    }, LOOK_MS);
  }

  return {
    look,

    async begin(): Promise<void> {
      since = clock.ms();
      // Asked before: on PGlite nothing else is answered while a transaction is open.
      const [beats, tests] = [await jobs.waiting(PULSE), await jobs.waiting(TEST_ROUND)];
      await inTransaction(store.db, async (tx) => {
        if (deps.heartbeatUrl !== undefined && !beats) await jobs.enqueue(tx, PULSE, {}, { at: clock.now() });
        for (const { schedule, every } of tests ? [] : organisation.watchdog.testPages)
          await jobs.enqueue(tx, TEST_ROUND, { schedule, every }, { at: clock.now().add({ minutes: every }) });
      });
      if (!watching) watch();
      watching = true;
    },
    stop: () => {
      stopped = true;
      timer?.cancel();
    },

    /** Throws Refused when that person is not here. */
    async testPage(tx: Tx, person: string, by: string): Promise<number> {
      if (!people.byId(person)?.active) throw new Refused(`${people.nameOf(person)} is not here any more.`, '');
      return page(tx, person, by);
    },

    /** The person says they got it. */
    async confirmPage(tx: Tx, id: number, by: string): Promise<void> {
      const row = await rows.lockTestPage(tx, id);
      if (!row) throw new Refused(`There is no test page ${id}.`, 'Say “test page me” for one.');
      if (row.person !== by)
        throw new Refused(`Test page ${id} is for ${people.nameOf(row.person)}.`, 'Say “test page me”.');
      const at = await rows.sentAt(tx, testPageKey(id));
      await rows.keepTestPage(tx, id, {
        confirmed_at: row.confirmed_at ?? clock.now().toString(),
        settled: true,
        ...(at ? { delivered_at: at } : {}),
      });
    },

    findPage: (db: Db | Tx, id: number) =>
      db.selectFrom('test_pages').selectAll().where('id', '=', id).executeTakeFirst(),

    /** What the watch knows of the pager. */
    async standing(db: Db) {
      const now = clock.now();
      const [pulse, overdue, tests] = await Promise.all([
        rows.pulseOf(db),
        rows.overdueSince(db, now.subtract({ hours: ACCIDENT_HOURS })),
        rows.latestTestPages(db, 10),
      ]);
      return { pulse, overdue, tests, configured: deps.heartbeatUrl !== undefined, every: heartbeatEvery };
    },
  };
}

export type Watchdog = ReturnType<typeof watchdog>;
