import { assign } from './assign.ts';
import { follow } from './follow.ts';
import { myRules } from './my-rules.ts';
import { notifyMe } from './notify-me.ts';
import { quietHours } from './quiet-hours.ts';
import { removeRule } from './remove-rule.ts';
import { rulesEnd } from './rules-end.ts';
import { snooze } from './snooze.ts';
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
];
