import { type Answer, type Asked, armError, ok } from './answer.ts';
import type { Estate } from './estate.ts';
import { ENDPOINTS, SUBSCRIPTION } from './northwind.ts';
import { uuidOf } from './random.ts';
import { deletedAt, HOUR, sharesOf } from './state.ts';
import { armEndpointId } from './webhooks.ts';

const DAYS_KEPT = 90;

/** The Activity log (api-version 2015-04-01): who wrote which resource when, for 90 days; never what was written. */
export function activityLog(estate: Estate, asked: Asked): Answer {
  const filter = asked.url.searchParams.get('$filter') ?? '';
  const since = Date.parse(/eventTimestamp ge '([^']+)'/i.exec(filter)?.[1] ?? '');
  if (Number.isNaN(since)) return armError(400, 'BadRequest', 'The filter needs eventTimestamp ge.');
  const resource = /resourceUri eq '([^']+)'/i.exec(filter)?.[1]?.toLowerCase();
  const state = estate.state();
  const now = estate.now();
  const from = Math.max(since, now - DAYS_KEPT * 24 * HOUR);
  const events = ENDPOINTS.flatMap((endpoint) => {
    const id = armEndpointId(endpoint);
    const author = endpoint.deployments[0]?.author ?? '';
    const kind = endpoint.kind === 'online' ? 'onlineEndpoints' : 'batchEndpoints';
    const written = sharesOf(state, endpoint.name).map(({ since: at }) => {
      const change = state.changes.find((each) => each.endpoint === endpoint.name && each.doneAt === at);
      return event(
        id,
        `Microsoft.MachineLearningServices/workspaces/${kind}/write`,
        at,
        change ? (change.by ?? 'wardroom') : author,
      );
    });
    const deployed = endpoint.deployments.map((each) =>
      event(
        `${id}/deployments/${each.name}`,
        `Microsoft.MachineLearningServices/workspaces/${kind}/deployments/write`,
        state.startedAt - each.ageHours * HOUR,
        each.author,
      ),
    );
    const changed = state.deployments
      .filter((each) => each.endpoint === endpoint.name && !each.fails)
      .map((each) =>
        event(
          `${id}/deployments/${each.deployment}`,
          `Microsoft.MachineLearningServices/workspaces/${kind}/deployments/write`,
          each.doneAt,
          each.by ?? 'wardroom',
        ),
      );
    const gone = deletedAt(state, endpoint.name, now);
    const deleted = gone
      ? [
          event(
            id,
            `Microsoft.MachineLearningServices/workspaces/${kind}/delete`,
            gone.at,
            String(gone.params.by ?? author),
          ),
        ]
      : [];
    return [...written, ...deployed, ...changed, ...deleted];
  })
    .filter(({ at }) => at >= from && at <= now)
    .filter(({ body }) => resource === undefined || body.resourceId.toLowerCase() === resource)
    .sort((a, b) => b.at - a.at);
  return ok({ value: events.map(({ body }) => body) });
}

function event(resourceId: string, operation: string, at: number, caller: string) {
  return {
    at,
    body: {
      eventTimestamp: new Date(at).toISOString(),
      resourceId,
      caller,
      operationName: { value: operation, localizedValue: operation },
      status: { value: 'Succeeded', localizedValue: 'Succeeded' },
      category: { value: 'Administrative', localizedValue: 'Administrative' },
      level: 'Informational',
      correlationId: uuidOf('correlation', resourceId, at),
      eventDataId: uuidOf('event', resourceId, at),
      subscriptionId: SUBSCRIPTION,
    },
  };
}
