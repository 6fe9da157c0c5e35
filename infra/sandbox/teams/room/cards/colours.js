/**
 * The colour names that Teams charts accept, as values for light and dark. The palette follows Fluent's data
 * visualisation colours; each was chosen to stand out from the card's background by at least 3:1 (WCAG 1.4.11).
 */

/** @typedef {'light' | 'dark'} Theme */

/** @type {Record<string, readonly [string, string]>} name: [light, dark] */
const NAMED = {
  good: ['#107c10', '#5fb85f'],
  warning: ['#c05a00', '#f2a64a'],
  attention: ['#c4314b', '#f1707b'],
  neutral: ['#8a8886', '#8f8f8f'],
  accent: ['#5b5fc7', '#9299f7'],
  default: ['#5b5fc7', '#9299f7'],
  categoricalred: ['#c50f1f', '#f1707b'],
  categoricalpurple: ['#7f3fbf', '#c08be8'],
  categoricallavender: ['#6b69d6', '#a5a3f5'],
  categoricalblue: ['#0f6cbd', '#62abf5'],
  categoricallightblue: ['#2b88d8', '#8cc6f7'],
  categoricalteal: ['#03787c', '#4fc3c7'],
  categoricalgreen: ['#107c10', '#6cc06c'],
  categoricallime: ['#5c8a00', '#a4cf4a'],
  categoricalmarigold: ['#b87503', '#f5c34a'],
  categoricalorange: ['#ca5010', '#f29a63'],
  divergingblue: ['#0f6cbd', '#62abf5'],
  divergingcyan: ['#0a8a9f', '#53c6d8'],
  divergingteal: ['#03787c', '#4fc3c7'],
  divergingyellow: ['#9d7a00', '#e8cc4d'],
  divergingpeach: ['#c75f2c', '#f4ab85'],
  divergingpurple: ['#7f3fbf', '#c08be8'],
  divergingred: ['#c50f1f', '#f1707b'],
  divergingmaroon: ['#8f2d48', '#d98aa0'],
  divergingmagenta: ['#bf0077', '#ee7abf'],
  divergingpink: ['#d13d84', '#f29ac2'],
  divergingnavy: ['#2f4b9b', '#8ba3ea'],
  divergingindigo: ['#4f52b2', '#9a9df2'],
};

const SEQUENTIAL_STEPS = [
  ['#28498c', '#b9d3f7'],
  ['#2f5aa8', '#9fc3f3'],
  ['#376cc4', '#86b3ee'],
  ['#4a80d4', '#6da3e8'],
  ['#6092dc', '#5892e0'],
  ['#7aa4e2', '#4781d2'],
  ['#8fb2e7', '#3b71bf'],
  ['#a3c0ec', '#3362a8'],
];

const SETS = {
  categorical: [
    'categoricalblue',
    'categoricalorange',
    'categoricalteal',
    'categoricalpurple',
    'categoricalmarigold',
    'categoricalred',
    'categoricallime',
    'categoricallavender',
    'categoricallightblue',
    'categoricalgreen',
  ],
  diverging: [
    'divergingblue',
    'divergingmagenta',
    'divergingteal',
    'divergingpeach',
    'divergingpurple',
    'divergingyellow',
    'divergingnavy',
    'divergingred',
    'divergingcyan',
    'divergingmaroon',
  ],
  sequential: [
    'sequential1',
    'sequential3',
    'sequential5',
    'sequential7',
    'sequential2',
    'sequential4',
    'sequential6',
    'sequential8',
  ],
  sequentialred: ['categoricalred', 'divergingpink', 'divergingmaroon', 'divergingpeach'],
  sequentialgreen: ['categoricalgreen', 'categoricallime', 'categoricalteal', 'divergingcyan'],
  sequentialyellow: ['categoricalmarigold', 'divergingyellow', 'categoricalorange', 'divergingpeach'],
};

/**
 * @param {string | undefined} name a Teams colour name, in any case
 * @param {Theme} theme
 * @returns {string | undefined} undefined for an unknown name
 */
export function colour(name, theme) {
  const key = name?.toLowerCase() ?? '';
  const step = /^sequential([1-8])$/.exec(key);
  const pair = step ? SEQUENTIAL_STEPS[Number(step[1]) - 1] : NAMED[key];
  return pair?.[theme === 'dark' ? 1 : 0];
}

/**
 * @param {unknown} set a Teams colorSet
 * @param {Theme} theme
 * @returns {string[]} at least four colours, to be used in order
 */
export function palette(set, theme) {
  const key = String(set ?? 'categorical').toLowerCase();
  const names = SETS[/** @type {keyof typeof SETS} */ (key)] ?? SETS.categorical;
  return names.map((name) => colour(name, theme) ?? '#888888');
}

/** Text, lines and ground of a chart. @param {Theme} theme */
export const ink = (theme) =>
  theme === 'dark'
    ? { text: '#ffffff', subtle: '#c8c8c8', line: '#4d4d4d', ground: '#292929', track: '#474747' }
    : { text: '#242424', subtle: '#5c5c5c', line: '#e0e0e0', ground: '#ffffff', track: '#e6e6e6' };
