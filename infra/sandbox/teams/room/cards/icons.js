import { svg } from './dom.js';

/**
 * Line icons on a 20 by 20 grid, drawn for the Room. Names follow Fluent's where cards use them; an unknown name gives a
 * plain dot, as a card must never break over an icon.
 * @type {Record<string, string>}
 */
const PATHS = {
  alert:
    '<path d="M10 3a5 5 0 0 0-5 5v3l-1.2 2.6h12.4L15 11V8a5 5 0 0 0-5-5Z"/><path d="M8.2 16a1.9 1.9 0 0 0 3.6 0"/>',
  warning:
    '<path d="M10 3.2 17.4 16H2.6L10 3.2Z"/><path d="M10 8v3.6"/><circle cx="10" cy="13.7" r=".55" fill="currentColor"/>',
  errorcircle:
    '<circle cx="10" cy="10" r="7"/><path d="M10 6.4v4.4"/><circle cx="10" cy="13.3" r=".55" fill="currentColor"/>',
  info: '<circle cx="10" cy="10" r="7"/><path d="M10 9.2v4.2"/><circle cx="10" cy="6.7" r=".55" fill="currentColor"/>',
  checkmark: '<path d="m4.5 10.5 3.7 3.7 7.4-8"/>',
  checkmarkcircle: '<circle cx="10" cy="10" r="7"/><path d="m6.8 10.2 2.3 2.3 4.2-4.6"/>',
  dismiss: '<path d="m5 5 10 10M15 5 5 15"/>',
  dismisscircle: '<circle cx="10" cy="10" r="7"/><path d="m7.5 7.5 5 5M12.5 7.5l-5 5"/>',
  clock: '<circle cx="10" cy="10" r="7"/><path d="M10 6v4.3l2.8 1.7"/>',
  history: '<path d="M4 6.2A7 7 0 1 1 3 10"/><path d="M4 3v3.4h3.4M10 6.5V10l2.4 1.6"/>',
  person: '<circle cx="10" cy="6.6" r="3.1"/><path d="M4 16.5c.4-3 2.7-4.6 6-4.6s5.600 1.600 6 4.600"/>',
  people:
    '<circle cx="7.500" cy="7" r="2.600"/><path d="M2.600 15.500c.3-2.600 2.200-4 4.900-4s4.600 1.400 4.900 4"/><path d="M12.600 4.700a2.500 2.500 0 0 1 0 4.700M14.300 11.900c1.800.5 2.900 1.800 3.100 3.600"/>',
  chat: '<path d="M10 3.200a6.800 6.800 0 0 0-6 10L3.200 16.800l3.700-.8A6.800 6.800 0 1 0 10 3.200Z"/>',
  channel: '<path d="M7.600 3.500 6.200 16.500M13.800 3.500l-1.400 13M3.600 7.500h13.200M3.200 12.500h13.200"/>',
  send: '<path d="M3.200 3.600 17 10 3.200 16.400 5.200 10 3.200 3.600ZM5.200 10H11"/>',
  more: '<circle cx="4.500" cy="10" r="1.100" fill="currentColor"/><circle cx="10" cy="10" r="1.100" fill="currentColor"/><circle cx="15.500" cy="10" r="1.100" fill="currentColor"/>',
  chevrondown: '<path d="m5 7.500 5 5 5-5"/>',
  chevronright: '<path d="m7.500 5 5 5-5 5"/>',
  arrowleft: '<path d="M16 10H4M9 5l-5 5 5 5"/>',
  arrowundo: '<path d="M7 4 3.500 7.500 7 11"/><path d="M3.800 7.500h7.700a4.500 4.500 0 0 1 0 9H8"/>',
  arrowup: '<path d="M10 16V4M5 9l5-5 5 5"/>',
  arrowdown: '<path d="M10 4v12M5 11l5 5 5-5"/>',
  arrowtrending: '<path d="m3 14 4.500-5 3.500 3.200L17 6"/><path d="M12.500 6H17v4.500"/>',
  arrowclockwise: '<path d="M16 5v3.800h-3.800"/><path d="M15.600 8.800A6 6 0 1 0 16 11"/>',
  open: '<path d="M11 4h5v5M16 4l-7 7"/><path d="M14 11.500V15a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h3.500"/>',
  moon: '<path d="M15.800 12.300A6.500 6.500 0 0 1 7.700 4.200a6.500 6.500 0 1 0 8.100 8.100Z"/>',
  sun: '<circle cx="10" cy="10" r="3.300"/><path d="M10 2.600v1.700M10 15.700v1.700M2.600 10h1.700M15.700 10h1.700M4.800 4.800l1.200 1.200M14 14l1.200 1.200M15.200 4.800 14 6M6 14l-1.200 1.200"/>',
  phone: '<rect x="6" y="2.800" width="8" height="14.400" rx="1.600"/><path d="M9 14.800h2"/>',
  map: '<path d="M3.500 5.500 8 3.500l4 2 4.500-2v11L12 16.500l-4-2-4.500 2v-11ZM8 3.500v11M12 5.500v11"/>',
  panel: '<rect x="3" y="4" width="14" height="12" rx="1.800"/><path d="M12 4v12"/>',
  flash: '<path d="M11 2.800 5 11.200h4l-1 6L15 8.600h-4.200L11 2.800Z"/>',
  gauge: '<path d="M3.500 14a7 7 0 1 1 13 0"/><path d="m10 12 3-4"/>',
  money: '<rect x="2.800" y="5" width="14.400" height="10" rx="1.400"/><circle cx="10" cy="10" r="2.200"/>',
  cloudoff:
    '<path d="M6 15.500h8a3 3 0 0 0 .6-5.900A4.700 4.700 0 0 0 5.600 8.700 3.500 3.500 0 0 0 6 15.500Z"/><path d="m3.500 3.500 13 13.500"/>',
  cloud: '<path d="M6 15.500h8a3 3 0 0 0 .6-5.900A4.700 4.700 0 0 0 5.600 8.700 3.500 3.500 0 0 0 6 15.500Z"/>',
  database:
    '<ellipse cx="10" cy="5" rx="5.500" ry="2.200"/><path d="M4.500 5v10c0 1.200 2.500 2.200 5.500 2.200s5.500-1 5.500-2.200V5M4.500 10c0 1.200 2.500 2.200 5.500 2.200s5.500-1 5.500-2.200"/>',
  play: '<path d="M6 4.200v11.600L15.500 10 6 4.200Z"/>',
  pause: '<path d="M7 4.500v11M13 4.500v11"/>',
  fail: '<path d="M4 4h12v12H4z"/><path d="m7.500 7.500 5 5M12.500 7.500l-5 5"/>',
  calendar: '<rect x="3.500" y="4.500" width="13" height="12" rx="1.600"/><path d="M3.500 8.300h13M7 3v3M13 3v3"/>',
  lock: '<rect x="4.500" y="9" width="11" height="7.500" rx="1.400"/><path d="M7 9V6.800a3 3 0 0 1 6 0V9"/>',
  shield: '<path d="M10 3 4.500 5v4.500c0 3.600 2.200 6 5.500 7.500 3.300-1.500 5.500-3.900 5.500-7.500V5L10 3Z"/>',
  document: '<path d="M5.500 3h6l3.500 3.500V17h-9.500V3Z"/><path d="M11.500 3v3.500H15M7.500 10h5M7.500 13h5"/>',
  link: '<path d="M8.500 11.500a3 3 0 0 0 4.300 0l2.400-2.400a3 3 0 0 0-4.300-4.300l-1 1M11.500 8.500a3 3 0 0 0-4.300 0l-2.400 2.400a3 3 0 0 0 4.300 4.300l1-1"/>',
  star: '<path d="m10 3 2.200 4.500 4.900.7-3.600 3.400.9 4.900-4.400-2.300-4.400 2.300.9-4.900L2.900 8.200l4.900-.7L10 3Z"/>',
  edit: '<path d="m4 16 .8-3.400L13.300 4a1.600 1.600 0 0 1 2.300 0l.4.400a1.600 1.600 0 0 1 0 2.300L7.400 15.200 4 16Z"/>',
  add: '<path d="M10 4v12M4 10h12"/>',
  search: '<circle cx="8.700" cy="8.700" r="5"/><path d="m12.500 12.500 4 4"/>',
  vote: '<path d="M4 11v5h12v-5M6.500 11h7M8 11V4h4v7"/>',
  dot: '<circle cx="10" cy="10" r="3" fill="currentColor"/>',
  reply: '<path d="M8 5 3.500 9.500 8 14"/><path d="M4 9.500h6c3.500 0 6 2 6.500 6"/>',
  flow: '<circle cx="5" cy="10" r="2"/><circle cx="15" cy="5" r="2"/><circle cx="15" cy="15" r="2"/><path d="m6.800 9.200 6.400-3.300M6.800 10.800l6.400 3.300"/>',
};

/** Fluent names that mean one of ours. @type {Record<string, string>} */
const ALIASES = {
  alerton: 'alert',
  alerturgent: 'alert',
  erroroutline: 'errorcircle',
  error: 'errorcircle',
  important: 'errorcircle',
  importantfilled: 'errorcircle',
  infocircle: 'info',
  checkmarkcirclefilled: 'checkmarkcircle',
  clockalarm: 'clock',
  timer: 'clock',
  hourglass: 'clock',
  personcircle: 'person',
  persondelete: 'person',
  peopleteam: 'people',
  peoplecommunity: 'people',
  arrowreset: 'arrowundo',
  arrowsync: 'arrowclockwise',
  datatrending: 'arrowtrending',
  arrowtrendinglines: 'arrowtrending',
  flashon: 'flash',
  savings: 'money',
  lockclosed: 'lock',
  shieldcheckmark: 'shield',
  shieldtask: 'shield',
  documenttext: 'document',
  branch: 'flow',
  branchfork: 'flow',
  branchcompare: 'flow',
  pulse: 'gauge',
  topspeed: 'gauge',
  calendarclock: 'calendar',
  weathermoon: 'moon',
  weathersunny: 'sun',
  closecircle: 'dismisscircle',
  thumblike: 'checkmark',
  voteyes: 'vote',
  circle: 'dot',
  pausecircle: 'pause',
  playcircle: 'play',
  eye: 'search',
};

/**
 * @param {string | undefined} name in any case, also "Warning,Filled" as cards write it
 * @param {number} [size] pixels
 */
export function icon(name, size = 20) {
  const key =
    (name ?? '')
      .split(',')[0]
      ?.toLowerCase()
      .replace(/[^a-z]/g, '') ?? '';
  const path = PATHS[key] ?? PATHS[ALIASES[key] ?? ''] ?? PATHS.dot;
  return svg(
    `<svg class="icon" width="${size}" height="${size}" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${path}</svg>`,
  );
}
