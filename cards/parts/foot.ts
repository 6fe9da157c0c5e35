import type { Temporal } from 'temporal-polyfill';
import type { Element } from '../card.ts';
import { plain } from './text.ts';
import { when } from './time.ts';

/** How fresh it is and where it comes from. */
export const foot = (asOf: Temporal.Instant, source: string): Element => ({
  type: 'TextBlock',
  text: `As of ${when(asOf)} · ${plain(source, 160)}`,
  size: 'Small',
  isSubtle: true,
  wrap: true,
  spacing: 'Medium',
});
