import { Refused } from '../core/errors.ts';
import type { Db, Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import { neededSchedule } from './oncall.rules.ts';
import { withPlans } from './oncall-rotations.store.ts';
import type { Quiet, Wanted } from './personal.rules.ts';
import { addRule, keepSettings, removeRule, ruleRows, settingsOf, wantedOf } from './personal.store.ts';

export interface OwnRules {
  rules: readonly (Wanted & { number: number })[];
  quiet: Quiet;
}

const MOST_RULES = 20;
const LONGEST_MINUTES = 24 * 60;

/** Everybody's own rules about how they are called. */
export function personal({ clock, organisation }: Pick<AlertsDeps, 'clock' | 'organisation'>) {
  const of = async (db: Db | Tx, person: string): Promise<OwnRules> => ({
    rules: (await ruleRows(db, person)).map(wantedOf),
    quiet: await settingsOf(db, person),
  });
  return {
    of,

    /** Throws Refused when it cannot be meant or is there already. */
    async add(tx: Tx, person: string, wish: Wanted): Promise<OwnRules> {
      const { rules } = await of(tx, person);
      if (wish.after > LONGEST_MINUTES) throw new Refused('That is later than a day.', 'Choose a time within a day.');
      if (wish.worst > wish.mildest)
        throw new Refused(`No severity is from ${wish.worst} to ${wish.mildest}.`, '0 is the worst, 4 the mildest.');
      const known = await withPlans(tx, organisation);
      const schedule = wish.schedule === undefined ? undefined : neededSchedule(known, wish.schedule).id;
      const rule = { ...wish, ...(schedule ? { schedule } : {}) };
      const twin = rules.find(
        (one) =>
          one.after === rule.after &&
          one.how === rule.how &&
          one.schedule === rule.schedule &&
          one.worst <= rule.worst &&
          rule.mildest <= one.mildest,
      );
      if (twin) throw new Refused(`Rule ${twin.number} says that already.`, 'Say “my rules” for all of them.');
      if (rules.length >= MOST_RULES)
        throw new Refused(`You have ${rules.length} rules.`, 'Remove one first: “remove my rule 3”.');
      await addRule(tx, person, rule, clock.now());
      return of(tx, person);
    },

    async remove(tx: Tx, person: string, number: number): Promise<OwnRules> {
      if (!(await removeRule(tx, person, number)))
        throw new Refused(`You have no rule ${number}.`, 'Say “my rules” for yours.');
      return of(tx, person);
    },

    /** `undefined` hours end them. */
    async quiet(tx: Tx, person: string, wish: Pick<Quiet, 'hours' | 'unless'>): Promise<OwnRules> {
      const { quiet } = await of(tx, person);
      if (wish.hours && wish.hours.from === wish.hours.to)
        throw new Refused('Quiet hours cannot last all day.', 'Say for example “quiet hours from 22:00 to 07:00”.');
      await keepSettings(tx, person, { until: quiet.until, ...wish });
      return of(tx, person);
    },

    async stopWhen(tx: Tx, person: string, until: Quiet['until']): Promise<OwnRules> {
      const { quiet } = await of(tx, person);
      await keepSettings(tx, person, { ...quiet, until });
      return of(tx, person);
    },
  };
}
