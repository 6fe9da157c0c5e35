import type { Domain } from '../capability.ts';
import { add } from './add.ts';
import { end } from './end.ts';
import { freeze } from './freeze.ts';
import { importCalendar } from './import-calendar.ts';
import { list } from './list.ts';
import { next } from './next.ts';
import { notices } from './notices.ts';
import { show } from './show.ts';

/** When changes may run: windows, freezes, maintenance. */
export const windows: Domain = {
  name: 'windows',
  capabilities: [list, next, show, freeze, add, end, importCalendar],
  notices,
};
