import { h } from '../cards/dom.js';
import { icon } from '../cards/icons.js';
import { estateOf } from './director.js';

const DEPLOYMENT = { blue: '#0f6cbd', green: '#107c10' };

const number = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** The endpoints with their traffic, latency and health, and the faults that are in force. */
export function mountEstate() {
  const element = h('div', { class: 'estate' }, h('p', { class: 'quiet' }, 'Loading…'));
  let drawn = '';

  /** @param {import('./director.js').Stage} state */
  const draw = (state) => {
    const estate = estateOf(state);
    const troubles = [
      ...(state.teams?.faults ?? []).map((one) => `Teams answers ${one.answer}${one.left ? `, ${one.left} more` : ''}`),
      ...(estate?.faults ?? []).map(
        (one) => `${one.service === '*' ? 'Azure' : plainService(one.service)}: ${one.mode}`,
      ),
    ];
    const fresh = JSON.stringify([troubles, estate?.endpoints]);
    if (fresh === drawn) return;
    drawn = fresh;
    const endpoints = estate?.endpoints ?? [];
    const workspaces = [...new Set(endpoints.map((one) => one.workspace))];
    element.replaceChildren(
      ...troubles.map((trouble) => h('p', { class: 'estate-fault' }, icon('Warning', 16), trouble)),
      ...workspaces.map((workspace) =>
        h(
          'section',
          { 'aria-label': workspace },
          h('h3', null, workspace),
          h('ul', null, endpoints.filter((one) => one.workspace === workspace).map(endpoint)),
        ),
      ),
    );
    if (endpoints.length === 0) element.append(h('p', { class: 'quiet' }, 'No estate is connected.'));
  };
  /** @param {string} why */
  const fail = (why) => {
    drawn = '';
    element.replaceChildren(h('p', { class: 'quiet' }, why));
  };
  return { element, draw, fail };
}

/** @param {string} service */
const plainService = (service) =>
  ({ ml: 'Azure ML', metrics: 'Azure Monitor metrics', logs: 'Log Analytics', cost: 'Cost Management' })[service] ??
  service;

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
