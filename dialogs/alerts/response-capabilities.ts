import { assign } from './assign.ts';
import { calendar } from './calendar.ts';
import { confirmPage } from './confirm-page.ts';
import { done } from './done.ts';
import { follow } from './follow.ts';
import { merge } from './merge.ts';
import { moveAlert } from './move-alert.ts';
import { myCalendar } from './my-calendar.ts';
import { myRules } from './my-rules.ts';
import { note } from './note.ts';
import { notifyMe } from './notify-me.ts';
import { pager } from './pager.ts';
import { postMortem } from './post-mortem.ts';
import { quietHours } from './quiet-hours.ts';
import { related } from './related.ts';
import { removeRule } from './remove-rule.ts';
import { revokeCalendar } from './revoke-calendar.ts';
import { rulesEnd } from './rules-end.ts';
import { setSeverity } from './set-severity.ts';
import { snooze } from './snooze.ts';
import { statistics } from './statistics.ts';
import { task } from './task.ts';
import { tasks } from './tasks.ts';
import { testPage } from './test-page.ts';
import { todo } from './todo.ts';
import { unfollow } from './unfollow.ts';
import { usePolicy } from './use-policy.ts';

/** How people answer an incident, and how they want to be called. */
export const responseCapabilities = [
  snooze,
  assign,
  usePolicy,
  follow,
  unfollow,
  myRules,
  notifyMe,
  removeRule,
  quietHours,
  rulesEnd,
  task,
  todo,
  done,
  tasks,
  note,
  setSeverity,
  related,
  merge,
  moveAlert,
  postMortem,
  statistics,
  calendar,
  myCalendar,
  revokeCalendar,
  testPage,
  confirmPage,
  pager,
];
