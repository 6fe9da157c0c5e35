/**
 * Deployment windows, freezes and maintenance.
 *
 * The engine (pure, no clock, no store):
 * - `readWindow`, `readWindows`: an entry as people write it → read and right, or what is wrong with it and what would be
 *   right;
 * - `readRule` + `occurrences` / `firstOccurrences`: RFC 5545 in floating local time; `readCron`, `nthWeekday`;
 * - `localise`, `wallClock`, `readZone`, `windowsZoneOf`: local time ↔ instants, names of zones;
 * - `spansOf`, `spanAt`: when an entry holds, as merged half-open intervals of instants;
 * - `calendarOf` + `decide`: may this change run now, by which entry, until when, and when next;
 * - `matchesScope`, `conflictsOf`, `errorBudget`, `calendarState`, `desiredState`, `actsNow`, `firstRun`, `dailyAllows`,
 *   `rolloutMinutes`, `waitTimer`: the smaller questions around it.
 *
 * The service: `windows(deps)`. What other domains ask it: `ask({ endpoint })` for a decision, `holding(endpoint)` for the
 * freezes and the maintenance that hold at an instant.
 */
import type { Temporal } from 'temporal-polyfill';
import type { Db, Tx } from '../store/store.ts';
import { type AnnounceDeps, announcements } from './announce.ts';
import { type AutomationDeps, automations } from './automation.ts';
import { type BudgetDeps, budgetFreezes } from './budgets.ts';
import { type Coordination, coordination } from './coordination.ts';
import { type FeedDeps, windowFeed } from './feed.ts';
import { flow } from './flow.ts';
import { type Gate, type GateDeps, gate } from './gate.ts';
import { fetchCalendar, type Outside } from './outside.ts';
import { plannedChanges } from './planned.ts';
import { quietsOf } from './quiets.rules.ts';
import { calendarStore, type WindowsDeps } from './windows.ts';

export { entryCardOf } from './announce.ts';
export { type BreakGlass, breakGlass, type Glass, type GlassPolicy } from './break-glass.rules.ts';
export { BUDGET_EXEMPT, errorBudget, postmortemRequired } from './budget.rules.ts';
export { type Calendar, calendarOf } from './calendar.ts';
export { calendarState, combinedState, type PlainCalendar } from './calendar-state.rules.ts';
export { trafficWords } from './care.rules.ts';
export { type Conflict, type ConflictCode, conflictsOf, missingCores, type Planned } from './conflicts.rules.ts';
export { nthWeekday, readCron } from './cron.rules.ts';
export { type Decision, decide, type Question } from './decide.rules.ts';
export { checkTimeout, reviewersPass, validReviewers, validWait, waitTimer } from './environment.rules.ts';
export { firstOccurrences, occurrences } from './expand.rules.ts';
export { fileFindings, fileNotes } from './file.rules.ts';
export { daysAhead } from './fortnight.rules.ts';
export { type Callback, type Gate, type GateAnswer, gateQuestion } from './gate.ts';
export { checkAnswer, githubSigned, jwkSet, signAnswer, webhookSignature } from './gate-sign.rules.ts';
export { readIcs, writeIcs } from './ics.ts';
export { type Interval, merged } from './intervals.ts';
export { readLength } from './lengths.rules.ts';
export { dailyAllows, firstRun, rolloutMinutes } from './maintenance.rules.ts';
export { type BrokenBudget, type Need, rolloutCost } from './need.rules.ts';
export { actsNow, type OffhoursPolicy, readOffhoursTag } from './offhours.rules.ts';
export { readPattern } from './pattern.rules.ts';
export { desiredState, readHours, readInstant } from './periods.rules.ts';
export type { Pipeline, PipelineRun, Pipelines } from './pipelines.ts';
export { endpointsIn, scopeOf, scopeWords, targetOf } from './places.rules.ts';
export { type ChangeBody, type CheckItem, STATE_WORDS } from './planned.rules.ts';
export { type PlannedRow, plannedCardOf } from './planned.ts';
export { type Care, hushOf } from './planned-care.ts';
export type { Capacity } from './planned-need.ts';
export { stepsOf } from './planned-steps.ts';
export { readRule } from './rrule.rules.ts';
export { matchesScope, type Scope, type Target } from './scope.rules.ts';
export { spanAt, spansOf } from './spans.ts';
export { type Exemption, type Kind, readWindow, readWindows, type WindowSpec } from './spec.rules.ts';
export type { ChangeStep } from './steps.rules.ts';
export { fileSpec, type Held, type WindowsDeps } from './windows.ts';
export { dayAndTime, moment, stretch } from './words.rules.ts';
export { localise, localText, localTextOf, readLocal, readZone, wallClock, windowsZoneOf } from './zones.ts';

/** The calendar as it is kept, the changes that are planned by it, and what is done with both. */
export function windows(deps: WindowsServiceDeps) {
  // The two need each other: a changed calendar moves changes, and a change asks the calendar.
  let carried: Coordination | undefined;
  let door: Gate | undefined;
  const onChange = async (tx: Tx) => {
    await carried?.calendarChanged(tx);
    await door?.lookAgain(tx);
  };
  const store = calendarStore({ ...deps, onChange });
  const planned = plannedChanges(deps, store);
  carried = coordination(deps, store, planned);
  const { heldUpBy, calendarChanged, ...acts } = carried;
  door = gate(deps, store, planned);
  return {
    ...store,
    ...announcements(deps, store),
    changes: { ...planned, ...acts },
    heldUpBy,
    gate: door,
    budgets: budgetFreezes(deps, store),
    feed: windowFeed(deps, store),
    flow: flow(deps.organisation),
    automations: automations(deps),
    fetchCalendar: fetchCalendar(deps.outside),
    /** Maintenance that holds now, as what holds alerts back. */
    quiets: async (now: Temporal.Instant, reader?: Db | Tx) =>
      quietsOf(await store.calendar(reader), deps.organisation, now),
  };
}

export type Windows = ReturnType<typeof windows>;
export type WindowsServiceDeps = Omit<WindowsDeps, 'onChange'> &
  AnnounceDeps &
  BudgetDeps &
  GateDeps &
  FeedDeps &
  AutomationDeps & { outside: Outside };
