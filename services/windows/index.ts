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
 */

export { type BreakGlass, breakGlass, type Glass, type GlassPolicy } from './break-glass.rules.ts';
export { BUDGET_EXEMPT, errorBudget, postmortemRequired } from './budget.rules.ts';
export { type Calendar, calendarOf } from './calendar.ts';
export { calendarState, combinedState, type PlainCalendar } from './calendar-state.rules.ts';
export { type Conflict, type ConflictCode, conflictsOf, missingCores, type Planned } from './conflicts.rules.ts';
export { nthWeekday, readCron } from './cron.rules.ts';
export { type Decision, decide, type Question } from './decide.rules.ts';
export { checkTimeout, reviewersPass, validReviewers, validWait, waitTimer } from './environment.rules.ts';
export { firstOccurrences, occurrences } from './expand.rules.ts';
export { type Interval, merged } from './intervals.ts';
export { readLength } from './lengths.rules.ts';
export { dailyAllows, firstRun, rolloutMinutes } from './maintenance.rules.ts';
export { actsNow, type OffhoursPolicy, readOffhoursTag } from './offhours.rules.ts';
export { desiredState, readHours, readInstant } from './periods.rules.ts';
export { readRule } from './rrule.rules.ts';
export { matchesScope, type Scope, type Target } from './scope.rules.ts';
export { spanAt, spansOf } from './spans.ts';
export { type Exemption, type Kind, readWindow, readWindows, type WindowSpec } from './spec.rules.ts';
export { localise, localText, readLocal, readZone, wallClock, windowsZoneOf } from './zones.ts';
