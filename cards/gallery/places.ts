import { type EndpointView, endpointCard } from '../fleet/endpoint.ts';
import type { Sample } from '../gallery.ts';
import { welcomeCard } from '../welcome.ts';
import { at } from './story.ts';

const fraud: EndpointView = {
  now: at('14:10'),
  name: 'ep-fraud',
  workspace: 'mlw-payments-weu',
  region: 'westeurope',
  health: 'degraded',
  headline: 'ep-fraud answers too slowly: p95 latency is 810 ms, limit 400 ms',
  purpose: 'stops stolen cards before payment',
  deployments: [
    { name: 'blue', model: 'fraud-detector:6', percent: 90, state: 'Succeeded' },
    { name: 'green', model: 'fraud-detector:7', percent: 10, state: 'Succeeded' },
  ],
  latency: { value: 810, limit: 400 },
  errors: { value: 0.042, limit: 0.01 },
  requestsPerMinute: 3120,
  owner: 'Fraud',
  incident: 'INC-101',
  asOf: at('14:09'),
  source: 'Azure ML and Azure Monitor metrics',
};

const examples = [
  { say: 'incidents', gives: 'what is wrong now, the worst first' },
  { say: 'status of ep-fraud', gives: 'traffic, health and owner of an endpoint' },
  { say: 'help roll back', gives: 'everything I can do about a word' },
];

export const placeSamples = (): Sample[] => [
  { name: 'fleet/endpoint-degraded', card: endpointCard(fraud) },
  {
    name: 'fleet/endpoint-healthy',
    card: endpointCard({
      ...fraud,
      health: 'healthy',
      headline: 'ep-fraud is healthy: p95 latency is 92 ms, limit 400 ms',
      deployments: [
        { name: 'blue', model: 'fraud-detector:6', percent: 100, state: 'Succeeded' },
        { name: 'green', model: 'fraud-detector:7', percent: 0, state: 'Updating' },
      ],
      latency: { value: 92, limit: 400 },
      errors: { value: 0.0004, limit: 0.01 },
      incident: undefined,
    }),
  },
  {
    name: 'fleet/endpoint-unknown',
    card: endpointCard({
      ...fraud,
      health: 'unknown',
      headline: 'Azure does not answer; this is what was known at the time below',
      latency: {},
      errors: {},
      requestsPerMinute: undefined,
      owner: undefined,
      incident: undefined,
    }),
  },
  { name: 'welcome/person', card: welcomeCard({ to: { kind: 'person', name: 'Ann Berg' }, examples }) },
  { name: 'welcome/channel', card: welcomeCard({ to: { kind: 'place', name: 'fraud-ops' }, examples }) },
];
