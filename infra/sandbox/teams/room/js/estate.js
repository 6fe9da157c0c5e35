import { h } from '../cards/dom.js';
import { icon } from '../cards/icons.js';
import { director } from './director.js';
import { on } from './store.js';

const EVERY_MS = 5000;
const DEPLOYMENT = { blue: '#0f6cbd', green: '#107c10' };

const number = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** The endpoints with their traffic, latency and health. */
export function mountEstate() {
  const element = h('div', { class: 'estate', 'aria-busy': 'true' }, h('p', { class: 'quiet' }, 'Loading…'));
  let drawn = '';
  let pending = false;

  const refresh = async () => {
    if (pending) return;
    pending = true;
    try {
      const estate = await director.estate();
      const fresh = JSON.stringify(estate.endpoints) + JSON.stringify(estate.faults);
      if (fresh !== drawn) draw(estate);
      drawn = fresh;
    } catch (error) {
      drawn = '';
      element.replaceChildren(
        h('p', { class: 'quiet' }, error instanceof Error ? error.message : 'The estate is not available.'),
      );
    } finally {
      pending = false;
      element.removeAttribute('aria-busy');
    }
  };
  /** @param {import('./director.js').Estate} estate */
  const draw = (estate) => {
    const workspaces = [...new Set(estate.endpoints.map((one) => one.workspace))];
    element.replaceChildren(
      ...estate.faults.map((fault) =>
        h(
          'p',
          { class: 'estate-fault' },
          icon('Warning', 16),
          `${fault.service === '*' ? 'Azure' : fault.service}: ${fault.mode}`,
        ),
      ),
      ...workspaces.map((workspace) =>
        h(
          'section',
          { 'aria-label': workspace },
          h('h3', null, workspace),
          h('ul', null, estate.endpoints.filter((one) => one.workspace === workspace).map(endpoint)),
        ),
      ),
    );
  };
  setInterval(() => {
    if (document.visibilityState === 'visible' && element.offsetParent) void refresh();
  }, EVERY_MS);
  on('clock', () => void refresh());
  return { element, refresh };
}

/** @param {import('./director.js').EndpointHealth} one */
function endpoint(one) {
  const bad = one.health !== 'good';
  const shares = Object.entries(one.traffic).filter(([, share]) => share > 0);
  const split = shares.map(([name, share]) => `${name} ${share} %`).join(', ') || 'no traffic';
  const moving = one.provisioningState !== 'Succeeded';
  return h(
    'li',
    { class: `endpoint${bad ? ' endpoint-bad' : ''}`, 'data-endpoint': one.endpoint },
    h(
      'div',
      { class: 'endpoint-top' },
      h('strong', null, one.endpoint),
      h(
        'span',
        { class: `state ${bad ? 'state-bad' : 'state-good'}` },
        icon(bad ? 'Warning' : 'CheckmarkCircle', 16),
        bad ? 'degraded' : 'healthy',
      ),
    ),
    h(
      'div',
      { class: 'split', role: 'img', 'aria-label': `Traffic: ${split}` },
      shares.map(([name, share], i) =>
        h('i', {
          style: {
            width: `${share}%`,
            background:
              DEPLOYMENT[/** @type {keyof typeof DEPLOYMENT} */ (name)] ?? ['#0f6cbd', '#107c10', '#7f3fbf'][i % 3],
          },
        }),
      ),
    ),
    h(
      'div',
      { class: 'endpoint-facts' },
      h('span', null, moving ? `${split} · ${one.provisioningState.toLowerCase()}` : split),
      h('span', null, figures(one)),
    ),
    one.breachedFeatures.length > 0
      ? h('div', { class: 'endpoint-drift' }, `drifting: ${one.breachedFeatures.join(', ')}`)
      : null,
  );
}

/** @param {import('./director.js').EndpointHealth} one */
const figures = (one) =>
  [
    `${number.format(one.requestsPerMinute)}/min`,
    one.p95Ms === undefined ? 'p95 unknown' : `p95 ${number.format(one.p95Ms)} ms`,
    one.errorsPerMinute >= 1 ? `${number.format(one.errorsPerMinute)} errors/min` : '',
  ]
    .filter(Boolean)
    .join(' · ');
