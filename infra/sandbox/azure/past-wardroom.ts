import type { Entry } from './journal.ts';
import { endpointSeed } from './northwind.ts';
import { uuidOf } from './random.ts';
import { modelVersionId } from './resources.ts';
import { deploymentsAt, type EstateState, endpointAt, type Happened } from './state.ts';

/** What people do to an endpoint in the portal: the same writes that ARM takes from Wardroom, by somebody else. */
export function pastWardroom(state: EstateState, { id, at, scenario, params }: Happened): Entry[] {
  const endpoint = endpointSeed(String(params.endpoint ?? ''));
  if (!endpoint) return [];
  const base = { at, doneAt: at, operation: uuidOf(id, 'operation'), endpoint: endpoint.name, fails: false };
  const by = String(params.by ?? '');
  const deployment = String(params.deployment ?? '');
  if (scenario === 'traffic-changed') {
    const now = endpointAt(state, endpoint.name, at);
    const percent = Number(params.percent);
    const others = deploymentsAt(state, endpoint, at).filter(({ name }) => name !== deployment);
    const rest = others[0]?.name;
    const traffic = { ...(rest === undefined ? {} : { [rest]: 100 - percent }), [deployment]: percent };
    const { mirrorTraffic = {}, tags = {}, description = '' } = now ?? {};
    return [{ type: 'endpoint', ...base, by, resource: { traffic, mirrorTraffic, tags, description } }];
  }
  if (scenario === 'deployment-changed') {
    const now = deploymentsAt(state, endpoint, at).find(({ name }) => name === deployment);
    if (!now) return [];
    const model = modelVersionId(endpoint.workspace, now.model, String(params.version));
    const body = {
      sku: { name: 'Default', capacity: now.instances },
      properties: { model, instanceType: now.instanceType },
    };
    return [{ type: 'deployment', ...base, deployment, by, body }];
  }
  return [];
}
