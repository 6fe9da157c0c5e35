import type { Signal } from './signal.ts';

/** Where a signal belongs. Names keep the sender's casing, subscription and resource group are in lower case: ARM compares without it. */
export interface Place {
  subscription?: string;
  resourceGroup?: string;
  workspace?: string;
  endpoint?: string;
  deployment?: string;
}

/** Names of Azure are compared without case; what is not known is like nothing. */
export const sameName = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && a.toLowerCase() === b?.toLowerCase();

const SEGMENTS: Readonly<Record<string, keyof Place>> = {
  subscriptions: 'subscription',
  resourcegroups: 'resourceGroup',
  workspaces: 'workspace',
  onlineendpoints: 'endpoint',
  batchendpoints: 'endpoint',
  deployments: 'deployment',
};

/** `/subscriptions/…/workspaces/mlw/onlineEndpoints/ep/deployments/green`; a workspace only of Machine Learning's. */
export function placeOfArmId(id: string): Place {
  const parts = id.split('/').filter(Boolean);
  const machineLearning = parts.some((part) => part.toLowerCase() === 'microsoft.machinelearningservices');
  const place: Place = {};
  for (let i = 0; i + 1 < parts.length; i += 1) {
    const key = SEGMENTS[parts[i]?.toLowerCase() ?? ''];
    const name = parts[i + 1];
    if (!key || !name) continue;
    if (key === 'subscription' || key === 'resourceGroup') place[key] = name.toLowerCase();
    else if (machineLearning) place[key] = name;
    i += 1;
  }
  return place;
}

const ENDPOINT_KEYS = /^(.*[^a-z])?(online|batch)?_?endpoint(_?name)?$/;
const DEPLOYMENT_KEYS = /^(.*[^a-z])?deployment(_?name)?$/;
const TARGET_KEYS = /endpoint_?deployment_?(id|name)?$/;
/** What Azure ML allows as a name; keeps scoring addresses and free text from being taken for one. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$/;

/**
 * Where tags, properties, dimensions or custom properties point to. Their names differ by writer (`endpointName`,
 * `azureml.endpoint`, `endpoint_deployment_id: azureml:ep-fraud:green`), so they are matched loosely.
 */
export function placeOfLabels(labels: Readonly<Record<string, string>>): Place {
  const place: Place = {};
  for (const [name, value] of Object.entries(labels)) {
    const key = name.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
    const text = value.trim();
    if (text.startsWith('/subscriptions/')) {
      Object.assign(place, { ...placeOfArmId(text), ...place });
    } else if (TARGET_KEYS.test(key)) {
      const [endpoint = '', deployment = ''] = text.replace(/^azureml:/, '').split(/[:/]/);
      if (NAME.test(endpoint)) place.endpoint ??= endpoint;
      if (NAME.test(deployment)) place.deployment ??= deployment;
    } else if (!NAME.test(text)) continue;
    else if (ENDPOINT_KEYS.test(key)) place.endpoint ??= text;
    else if (DEPLOYMENT_KEYS.test(key)) place.deployment ??= text;
    else if (/^workspace(_?name)?$/.test(key)) place.workspace ??= text;
  }
  return place;
}

/** Earlier places win, field by field. */
export function mergePlaces(...places: readonly Place[]): Place {
  const merged: Place = {};
  for (const place of [...places].reverse()) Object.assign(merged, place);
  return merged;
}

export interface KnownEndpoint {
  id: string;
  workspace: string;
}

/**
 * Finds a signal its place on the estate we know: ARM's lower-cased names get their own spelling back, and a monitor whose event
 * names no endpoint is recognised by the endpoint's name inside the rule's, the run's or a dimension's
 * ("ep-fraud-drift-monitor"), when exactly one fits. A signal that stays unknown is returned unchanged; it goes to the fallback channel.
 */
export function onEstate(signal: Signal, known: readonly KnownEndpoint[]): Signal {
  const inWorkspace = known.filter((entry) => !signal.workspace || sameName(signal.workspace, entry.workspace));
  const hints = [
    signal.rule,
    signal.runId,
    signal.labels.configurationItems,
    ...Object.values(signal.details.dimensions),
  ];
  const named = inWorkspace.filter((entry) => sameName(signal.endpoint, entry.id));
  // A label `endpoint` is the port in most of Prometheus ("http-metrics"): it counts when it names one of ours.
  const loose = signal.source === 'alertmanager' && named.length === 0;
  const found =
    signal.endpoint && !loose
      ? named
      : outermost(inWorkspace.filter((entry) => holdsWord(hints.join(' | '), entry.id)));
  const only = found.length === 1 ? found[0] : undefined;
  if (only) return { ...signal, endpoint: only.id, workspace: only.workspace };
  if (loose) {
    const { endpoint: _port, ...rest } = signal;
    return rest;
  }
  const workspace = known.find((entry) => sameName(signal.workspace, entry.workspace))?.workspace;
  return workspace ? { ...signal, workspace } : signal;
}

/** "ep-fraud" inside "ep-fraud-eu" was not meant; two names side by side both were, and then nobody can tell. */
const outermost = (found: readonly KnownEndpoint[]): readonly KnownEndpoint[] =>
  found.filter(({ id }) => !found.some((other) => other.id.length > id.length && holdsWord(other.id, id)));

const holdsWord = (text: string, word: string): boolean =>
  ` ${text.toLowerCase().replaceAll(/[^a-z0-9]+/g, ' ')} `.includes(
    ` ${word.toLowerCase().replaceAll(/[^a-z0-9]+/g, ' ')} `,
  );
