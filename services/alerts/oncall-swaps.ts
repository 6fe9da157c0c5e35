import { Temporal } from 'temporal-polyfill';
import { isRefused, Refused } from '../core/errors.ts';
import type { Schedule } from '../core/organisation.ts';
import type { Member } from '../core/roster.ts';
import { onCall } from '../core/schedule.rules.ts';
import type { Db, Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import { neededSchedule, ownShifts } from './oncall.rules.ts';
import { effectiveSchedules, lockOncall } from './oncall.store.ts';
import { checkAgainst, checkPerson, type Wish } from './oncall-overrides.rules.ts';
import type { Overrides } from './oncall-overrides.ts';
import { withPlans } from './oncall-rotations.store.ts';
import { addSwap, findSwap, openSwap, type Swap, settleSwap } from './oncall-swaps.store.ts';

export const SWAP_EXPIRY = 'alerts-swap-expiry';
const EXPIRES_HOURS = 24;
/** A shift that is given back lies in this time. */
const BACK_DAYS = 70;
const MOST_SHIFTS = 10;

type Exchange = Pick<Swap, 'asker' | 'asked' | 'gives' | 'takes'>;

export const swapCardOf = (swap: number): string => `swap:${swap}`;

/** Two people exchange a shift: one asks, the other accepts, and two overrides make it so. */
export function swaps(
  deps: Pick<AlertsDeps, 'organisation' | 'people' | 'clock' | 'outbox' | 'jobs'>,
  made: Overrides,
) {
  const { organisation, people, clock, outbox, jobs } = deps;

  /** The schedule in which this person is on call then. Throws Refused when there is none, or several. */
  function scheduleAt(schedules: readonly Schedule[], person: string, at: Temporal.Instant): Schedule {
    const own = schedules.filter((schedule) => onCall(schedule, at).people.includes(person));
    if (own.length === 0) throw new Refused('You are not on call then.', 'Say “my shifts” for yours.', 'no-shift');
    if (own.length > 1) {
      const names = own.map(({ id }) => id);
      throw new Refused(
        `You are on call for ${names.join(' and ')} then.`,
        `Name one: swap my shift in ${names[0]} on …`,
      );
    }
    return own[0] as Schedule;
  }

  function wishesOf({ asker, asked, gives, takes }: Exchange): [Wish, Wish] {
    const now = clock.now();
    const from = Temporal.Instant.compare(gives.from, now) < 0 ? now : gives.from;
    return [
      { person: asked, insteadOf: asker, alongside: false, from, to: gives.to },
      { person: asker, insteadOf: asked, alongside: false, from: takes.from, to: takes.to },
    ];
  }

  /** The next shift of the person asked that can change hands. Throws Refused with the reason when none can. */
  function backFor(schedule: Schedule, { asker, asked, gives }: Omit<Exchange, 'takes'>): Exchange['takes'] {
    const now = clock.now();
    let why: Refused | undefined;
    for (const { start, end } of ownShifts(schedule, asked, now, now.add({ hours: 24 * BACK_DAYS }), MOST_SHIFTS)) {
      if (!end || Temporal.Instant.compare(start, now) <= 0) continue;
      if (Temporal.Instant.compare(start, gives.to) < 0 && Temporal.Instant.compare(gives.from, end) < 0) continue;
      const takes = { from: start, to: end };
      try {
        for (const each of wishesOf({ asker, asked, gives, takes })) checkAgainst(schedule, each, people.nameOf);
        return takes;
      } catch (error) {
        if (!isRefused(error)) throw error;
        why = error;
      }
    }
    throw (
      why ??
      new Refused(
        `${people.nameOf(asked)} has no shift of ${schedule.id} to give back in the next ${BACK_DAYS} days.`,
        `Ask them to say “cover ${schedule.id} from … to …”.`,
      )
    );
  }

  async function needed(tx: Tx, number: number): Promise<Swap> {
    const swap = await findSwap(tx, number);
    if (!swap) throw new Refused(`There is no swap ${number}.`, 'Ask whoever asked for it.', 'unknown-swap');
    if (swap.state !== 'asked') throw new Refused(`Swap ${number} is ${swap.state} already.`, '', 'swap-settled');
    return swap;
  }

  async function settle(tx: Tx, swap: Swap, state: Swap['state']): Promise<Swap> {
    await settleSwap(tx, swap.number, state, clock.now());
    await outbox.refresh(tx, swapCardOf(swap.number));
    return { ...swap, state };
  }

  return {
    /** Asks somebody to take a shift for the next one of theirs. Throws Refused when either has none to exchange. */
    async ask(
      tx: Tx,
      wish: { schedule?: string | undefined; when?: Temporal.Instant | undefined; asked: string },
      asker: string,
      members: readonly Member[] | undefined,
    ): Promise<Swap> {
      const now = clock.now();
      const { asked } = wish;
      if (asked === asker) throw new Refused('You cannot swap with yourself.', 'Name somebody else.');
      checkPerson(asked, members);
      await lockOncall(tx);
      const known = await withPlans(tx, organisation);
      const planned = wish.schedule === undefined ? known.schedules : [neededSchedule(known, wish.schedule)];
      const schedules = await effectiveSchedules(tx, planned, now);
      const until = now.add({ hours: 24 * BACK_DAYS });
      const next = schedules
        .flatMap((schedule) => ownShifts(schedule, asker, now, until, 1))
        .sort((a, b) => a.start.epochMilliseconds - b.start.epochMilliseconds)[0];
      const at = wish.when ?? (next && Temporal.Instant.compare(next.start, now) > 0 ? next.start : now);
      if (Temporal.Instant.compare(at, now) < 0) throw new Refused('That shift is over.', 'Say “my shifts” for yours.');
      const schedule = scheduleAt(schedules, asker, at);
      const [mine] = ownShifts(schedule, asker, at, at.add({ milliseconds: 1 }), 1);
      const name = people.nameOf(asked);
      if (!mine?.end)
        throw new Refused(
          `Your shift of ${schedule.id} has no planned end.`,
          `Ask ${name} to say “cover ${schedule.id} from … to …”.`,
        );
      const gives = { from: Temporal.Instant.compare(mine.start, now) < 0 ? now : mine.start, to: mine.end };
      const takes = backFor(schedule, { asker, asked, gives });
      const latest = mine.start.epochMilliseconds > now.epochMilliseconds ? gives.from : gives.to;
      const expires = [now.add({ hours: EXPIRES_HOURS }), latest, takes.from].reduce((a, b) =>
        Temporal.Instant.compare(a, b) <= 0 ? a : b,
      );
      const asking = { schedule: schedule.id, asker, asked, gives, takes, expires };
      const open = await openSwap(tx, asking);
      if (open) throw new Refused(`Swap ${open} asks for that shift already.`, `Say “withdraw swap ${open}” first.`);
      const number = await addSwap(tx, asking, now);
      // The asker's own view is the answer to what they said.
      await outbox.show(tx, {
        card: swapCardOf(number),
        kind: 'alerts.swap',
        ids: { swap: String(number), person: asked },
        conversation: `person:${asked}`,
      });
      await jobs.enqueue(tx, SWAP_EXPIRY, { swap: number }, { at: expires });
      return { ...asking, number, state: 'asked' };
    },

    /** The person asked says yes: both overrides, or neither. Throws Refused to everybody else and when it is too late. */
    async accept(tx: Tx, number: number, by: string, members: readonly Member[] | undefined): Promise<Swap> {
      await lockOncall(tx);
      const swap = await needed(tx, number);
      mayAnswer(swap, by);
      if (Temporal.Instant.compare(swap.expires, clock.now()) <= 0)
        throw new Refused(`Swap ${number} has expired.`, 'Ask for it again.', 'swap-expired');
      for (const wish of wishesOf(swap))
        await made.add(tx, swap.schedule, wish, { id: by, reason: `swap ${number}`, swap: number }, members);
      return settle(tx, swap, 'accepted');
    },

    /** The person asked says no. */
    async decline(tx: Tx, number: number, by: string): Promise<Swap> {
      await lockOncall(tx);
      const swap = await needed(tx, number);
      mayAnswer(swap, by);
      return settle(tx, swap, 'declined');
    },

    /** Whoever asked takes it back. */
    async withdraw(tx: Tx, number: number, by: string): Promise<Swap> {
      await lockOncall(tx);
      const swap = await needed(tx, number);
      if (swap.asker !== by)
        throw new Refused(`${people.nameOf(swap.asker)} asked for swap ${number}.`, 'Only they can take it back.');
      return settle(tx, swap, 'withdrawn');
    },

    /** The timer: what nobody answered is over. */
    async expire(tx: Tx, number: number): Promise<void> {
      const swap = await findSwap(tx, number);
      if (swap?.state === 'asked' && Temporal.Instant.compare(swap.expires, clock.now()) <= 0)
        await settle(tx, swap, 'expired');
    },

    find: (db: Db | Tx, number: number) => findSwap(db, number),
  };

  function mayAnswer({ number, asked }: Swap, by: string): void {
    if (asked !== by)
      throw new Refused(`Swap ${number} was asked of ${people.nameOf(asked)}.`, 'Only they can answer.', 'not-asked');
  }
}
