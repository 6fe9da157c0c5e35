import type { Colour } from './canvas.ts';

/**
 * On what a picture lies. `paper` brings its own white ground, for clients that know one address only; the other two are
 * clear and fit the theme. Colours stand out by 3:1 at least, text by 4.5:1 (WCAG 1.4.3, 1.4.11).
 */
export const GROUNDS = ['paper', 'light', 'dark'] as const;
export type Ground = (typeof GROUNDS)[number];

export interface Ink {
  paper?: Colour;
  text: Colour;
  quiet: Colour;
  grid: Colour;
  axis: Colour;
  /** One for each series; each has a mark of its own as well. */
  series: readonly Colour[];
  lower: Colour;
  higher: Colour;
  alarm: Colour;
}

const LIGHT: Ink = {
  text: '#242424',
  quiet: '#616161',
  grid: '#d1d1d1',
  axis: '#8a8886',
  series: ['#0f6cbd', '#ca5010', '#03787c', '#7f3fbf'],
  lower: '#0f6cbd',
  higher: '#ca5010',
  alarm: '#c4314b',
};
const DARK: Ink = {
  text: '#ffffff',
  quiet: '#c8c6c4',
  grid: '#5c5c5c',
  axis: '#a19f9d',
  series: ['#62abf5', '#f29a63', '#4fc3c7', '#c08be8'],
  lower: '#62abf5',
  higher: '#f29a63',
  alarm: '#f1707b',
};
export const INKS: Readonly<Record<Ground, Ink>> = { paper: { ...LIGHT, paper: '#ffffff' }, light: LIGHT, dark: DARK };
