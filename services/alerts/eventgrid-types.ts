import type { GridEvent } from './eventgrid.ts';
import type { Signal, UpstreamFact } from './signal.ts';
import { instantOf, readable } from './signal.ts';
import { mergePlaces, type Place, placeOfArmId, placeOfLabels } from './signal-place.ts';

export type Fields = Readonly<Record<string, unknown>>;

const PREFIX = 'microsoft.machinelearningservices.';

/**
 * A model monitor does not raise DatasetDriftDetected (that is the older dataset monitor): it raises RunStatusChanged
 * with a tag. The tag's text comes from a component that changes, so its key is matched loosely and its sentence serves
 * as a second sign (learn.microsoft.com/azure/machine-learning/how-to-monitor-model-performance).
 */
const BREACH_KEY = /model_?monitor.*breach/i;
const BREACH_TEXT = /violating metric thresholds/i;
const FAILED = /^(failed|error)$/i;

/** The five Azure ML event types; `undefined` for any other, `{ why }` for a known type without what it must hold. */
export function machineLearningEvent(event: GridEvent): Signal | UpstreamFact | { why: string } | undefined {
  const type = event.type.toLowerCase();
  if (!type.startsWith(PREFIX)) return undefined;
  switch (type.slice(PREFIX.length)) {
    case 'modelregistered':
      return modelRegistered(event);
    case 'modeldeployed':
      return modelDeployed(event);
    case 'runcompleted':
    case 'runstatuschanged':
      return run(event, type.endsWith('runcompleted') ? 'Completed' : text(event.data.runstatus));
    case 'datasetdriftdetected':
      return datasetDrift(event);
    default:
      return undefined;
  }
}

function modelRegistered(event: GridEvent): UpstreamFact | { why: string } {
  const [, named] = /^models\/(.+)$/i.exec(event.subject) ?? [];
  const name = text(event.data.modelname);
  const model = name ? `${name}:${text(event.data.modelversion) ?? '?'}` : named;
  if (!model) return { why: 'data.ModelName is missing' };
  const labels = { ...strings(event.data.modelproperties), ...strings(event.data.modeltags) };
  return { ...fact(event, labels), kind: 'model-registered', models: [model], summary: `${model} was registered` };
}

function modelDeployed(event: GridEvent): UpstreamFact | { why: string } {
  const endpoint = text(event.data.servicename) ?? /^endpoints\/([^/]+)/i.exec(event.subject)?.[1];
  if (!endpoint) return { why: 'data.ServiceName is missing' };
  const models = (text(event.data.modelids) ?? '').split(',').flatMap((id) => id.trim() || []);
  const labels = { ...strings(event.data.serviceproperties), ...strings(event.data.servicetags) };
  const what = models.length > 0 ? models.join(', ') : 'A model';
  return {
    ...fact(event, labels),
    kind: 'model-deployed',
    endpoint,
    models,
    summary: `${what} ${models.length > 1 ? 'were' : 'was'} deployed to ${endpoint}`,
  };
}

function run(event: GridEvent, status: string | undefined): Signal | UpstreamFact | { why: string } {
  const runId = text(event.data.runid) ?? /\/runs\/([^/]+)$/i.exec(event.subject)?.[1];
  if (!runId) return { why: 'data.runId is missing' };
  if (!status) return { why: 'data.runStatus is missing' };
  const experiment = text(event.data.experimentname) ?? text(event.data.experimentid) ?? runId;
  const tags = strings(event.data.runtags);
  const properties = strings(event.data.runproperties);
  const labels = { ...properties, ...tags };
  const breach = breachOf(labels);
  if (breach === undefined && !FAILED.test(status)) {
    const kind = /^(completed|finished)$/i.test(status) ? 'run-completed' : 'run-status';
    const summary = `Run ${runId} of ${experiment} is ${status.toLowerCase()}`;
    return { ...fact(event, labels), kind, models: [], experiment, runId, status, summary };
  }
  const place = mergePlaces(placeOfArmId(event.topic), placeOfLabels(tags), placeOfLabels(properties));
  const drift = breach !== undefined;
  const where = place.endpoint ?? place.workspace ?? 'an unknown workspace';
  return {
    ...base(event, place, labels),
    kind: drift ? 'drift' : 'failed-run',
    dedupKey: `${drift ? 'drift' : 'failed-run'}:${event.topic}|${experiment.toLowerCase()}`,
    rule: experiment,
    severity: drift ? 2 : 3,
    startedAt: event.at,
    headline: drift
      ? `Model monitor ${experiment} found drift on ${where}${signalName(breach)}`
      : `Run ${runId} of ${experiment} failed in ${where}`,
    details: { dimensions: {}, ...(breach ? { description: breach } : {}) },
    runId,
  };
}

/** The sentence of the breach tag; `undefined` when there is none or it says "false". */
function breachOf(labels: Readonly<Record<string, string>>): string | undefined {
  for (const [key, value] of Object.entries(labels)) {
    const negative = /^(|false|no|none|0)$/i.test(value.trim());
    if (!negative && (BREACH_KEY.test(key.slice(0, 200)) || BREACH_TEXT.test(value))) return value;
  }
  return undefined;
}

const signalName = (breach: string): string => {
  const names = [...breach.matchAll(/signal named '([^']{1,80})'/gi)].map((match) => match[1]);
  return names.length > 0 ? ` (${names.join(', ')})` : '';
};

function datasetDrift(event: GridEvent): Signal | { why: string } {
  const monitor = text(event.data.datadriftname) ?? text(event.data.datadriftid);
  if (!monitor) return { why: 'data.DataDriftName is missing' };
  const coefficient = number(event.data.driftcoefficient);
  const runId = text(event.data.runid);
  const labels = strings(event.data);
  const [from, to] = [instantOf(event.data.starttime), instantOf(event.data.endtime)];
  const window =
    from && to && from.epochMilliseconds < to.epochMilliseconds ? { window: from.until(to).toString() } : {};
  const said = coefficient === undefined ? '' : `, coefficient ${readable(coefficient)} of 1`;
  return {
    ...base(event, placeOfArmId(event.topic), labels),
    kind: 'drift',
    dedupKey: `drift:${event.topic}|${monitor.toLowerCase()}`,
    rule: monitor,
    severity: 2,
    startedAt: event.at,
    headline: `Dataset monitor ${monitor} found drift${said}`,
    details: {
      metric: 'drift coefficient',
      ...(coefficient === undefined ? {} : { value: coefficient }),
      ...window,
      dimensions: {},
    },
    ...(runId ? { runId } : {}),
  };
}

const base = (event: GridEvent, place: Place, labels: Readonly<Record<string, string>>) => ({
  source: 'eventgrid' as const,
  eventKey: event.key,
  condition: 'fired' as const,
  ...place,
  labels,
  rawType: event.type,
  stateless: true,
});

const fact = (event: GridEvent, labels: Readonly<Record<string, string>>) => ({
  ...mergePlaces(placeOfArmId(event.topic), placeOfLabels(labels)),
  eventKey: event.key,
  at: event.at,
  labels,
});

const text = (value: unknown): string | undefined => {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
};

const number = (value: unknown): number | undefined => {
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof parsed === 'number' && Number.isFinite(parsed) ? parsed : undefined;
};

/** Tags and properties as strings; anything that is not a plain value is left out. */
export function strings(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const found: Record<string, string> = {};
  for (const [key, held] of Object.entries(value)) {
    if (typeof held === 'string') found[key] = held;
    else if (typeof held === 'number' || typeof held === 'boolean') found[key] = String(held);
  }
  return found;
}
