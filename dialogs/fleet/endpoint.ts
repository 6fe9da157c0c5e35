import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { type EndpointView, endpointCard } from '../../cards/fleet/endpoint.ts';
import { percent } from '../../cards/parts/numbers.ts';
import { Refused } from '../../services/core/errors.ts';
import type { EndpointLook } from '../../services/fleet/index.ts';
import { endpointRef } from '../arguments.ts';
import { capability } from '../capability.ts';

/** Above these an endpoint counts as degraded; the owner's own alert rules decide when somebody is called. */
const SLOW_MS = 400;
const ERRORS_PERCENT = 1;

export const endpoint = capability({
  id: 'fleet.endpoint',
  summary: 'Show how an endpoint stands: traffic, latency, errors',
  phrases: [
    'endpoint {endpoint}',
    'status of {endpoint}',
    'status {endpoint}',
    'is {endpoint} ok',
    'is {endpoint} healthy',
    'who owns {endpoint}',
    'health of {endpoint}',
    'traffic of {endpoint}',
    'latency of {endpoint}',
    'errors of {endpoint}',
    'metrics of {endpoint}',
  ],
  examples: ['endpoint ep-fraud', 'status of ep-fraud', 'who owns ep-fraud'],
  input: z.object({ endpoint: endpointRef }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { endpoint: name }) => {
    const entry = rooms.organisation.endpoints.find(({ id }) => id === name);
    if (!entry) throw new Refused(`I do not know the endpoint ${name}.`, 'Say “endpoints” for the list.');
    const team = rooms.organisation.teams.find(({ id }) => id === entry.owner);
    if (entry.kind === 'batch') {
      const what = `${name} is a batch endpoint of ${team?.name ?? entry.owner}: it answers in jobs and has no live traffic.`;
      throw new Refused(what, 'Say “failed runs” for jobs that failed.');
    }
    const look = await rooms.fleet.look(entry.workspace, name);
    if (!look) throw new Refused(`Azure has no endpoint ${name}.`, 'It may have been deleted.');
    const [incident] = await rooms.alerts.openOn(rooms.db, name);
    const region = rooms.organisation.workspaces.find(({ id }) => id === entry.workspace)?.region ?? '';
    const split = look.deployments.map((each) => `${each.name} ${look.traffic[each.name] ?? 0} %`).join(', ');
    const health = healthOf(look);
    const view: EndpointView = {
      now,
      name,
      workspace: entry.workspace,
      region,
      health,
      headline: headlineOf(name, health, look),
      purpose: entry.business.purpose,
      deployments: look.deployments.map((each) => ({
        name: each.name,
        model: each.model ?? 'unknown',
        percent: look.traffic[each.name] ?? 0,
        state: each.state,
      })),
      latency: look.latencyP95Ms === undefined ? {} : { value: look.latencyP95Ms, limit: SLOW_MS },
      errors: look.errorPercent === undefined ? {} : { value: look.errorPercent / 100, limit: ERRORS_PERCENT / 100 },
      ...(look.requestsPerMinute === undefined ? {} : { requestsPerMinute: look.requestsPerMinute }),
      ...(team ? { owner: team.name } : {}),
      ...(incident ? { incident: incident.id } : {}),
      asOf: Temporal.Instant.from(look.asOf),
      source: look.stale
        ? 'Azure Machine Learning does not answer now; this is the last answer'
        : 'Azure Machine Learning and Azure Monitor',
    };
    return { text: `${view.headline} Traffic: ${split}.`, card: endpointCard(view), data: look };
  },
});

function healthOf(look: EndpointLook): EndpointView['health'] {
  if (look.provisioningState !== 'Succeeded') return look.provisioningState === 'Failed' ? 'failing' : 'changing';
  // Metrics lag behind: what answered before says nothing of an endpoint that answers nobody now.
  if (!look.deployments.some(({ name }) => (look.traffic[name] ?? 0) > 0)) return 'stopped';
  if (look.latencyP95Ms === undefined && look.errorPercent === undefined) return 'unknown';
  if ((look.errorPercent ?? 0) > ERRORS_PERCENT || (look.latencyP95Ms ?? 0) > SLOW_MS) return 'degraded';
  return 'healthy';
}

function headlineOf(name: string, health: EndpointView['health'], look: EndpointLook): string {
  if (health === 'changing') return `${name} is being changed.`;
  if (health === 'failing') return `${name}: the last change of it failed.`;
  if (health === 'stopped') return `${name} answers nobody: no deployment of it gets traffic.`;
  if (health === 'unknown') return `${name}: no metrics at the moment.`;
  const slow = look.latencyP95Ms === undefined ? '' : ` p95 is ${Math.round(look.latencyP95Ms)} ms`;
  const wrong = look.errorPercent === undefined ? '' : `, ${percent(look.errorPercent / 100)} of requests fail`;
  return `${name} ${health === 'healthy' ? 'answers well:' : 'is degraded:'}${slow}${wrong}.`;
}
