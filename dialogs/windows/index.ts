import type { Domain } from '../capability.ts';
import { abort } from './abort.ts';
import { add } from './add.ts';
import { agenda } from './agenda.ts';
import { agree } from './agree.ts';
import { automations } from './automations.ts';
import { breakGlass } from './break-glass.ts';
import { change } from './change.ts';
import { changes } from './changes.ts';
import { check } from './check.ts';
import { done } from './done.ts';
import { edit } from './edit.ts';
import { end } from './end.ts';
import { flow } from './flow.ts';
import { freeze } from './freeze.ts';
import { handOver } from './hand-over.ts';
import { hold } from './hold.ts';
import { importCalendar } from './import-calendar.ts';
import { list } from './list.ts';
import { minutesOfBoard } from './minutes-of-board.ts';
import { move } from './move.ts';
import { next } from './next.ts';
import { notices } from './notices.ts';
import { replay } from './replay.ts';
import { request } from './request.ts';
import { requestStep } from './request-step.ts';
import { review } from './review.ts';
import { show } from './show.ts';
import { start } from './start.ts';
import { subscribe } from './subscribe.ts';
import { vote } from './vote.ts';
import { withdraw } from './withdraw.ts';

const calendar = [list, next, show, freeze, add, end, importCalendar, subscribe];
const asking = [request, requestStep, changes, change, vote, agree, move, edit, withdraw, agenda, minutesOfBoard];
const carryingOut = [start, hold, abort, done, check, handOver, breakGlass, review];
const lookingBack = [flow, automations, replay];

/** When changes may run, which are asked for, and how they are carried out. */
export const windows: Domain = {
  name: 'windows',
  capabilities: [...calendar, ...asking, ...carryingOut, ...lookingBack],
  notices,
};
