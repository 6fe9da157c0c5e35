import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Prometheus metrics, one registry per process; names follow https://prometheus.io/docs/practices/naming/ */
export interface Metrics {
  registry: Registry;
  turns: Counter<'capability' | 'outcome'>;
  turnSeconds: Histogram<'capability'>;
  hooks: Counter<'hook' | 'outcome'>;
  delivered: Counter<'how'>;
  deliveryFailures: Counter<'kind'>;
  deadLetters: Counter;
  azureCalls: Counter<'service' | 'outcome'>;
  waiting: Gauge;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    turns: new Counter({
      name: 'wardroom_turns_total',
      help: 'Things people said or clicked, by capability and outcome',
      labelNames: ['capability', 'outcome'],
      registers,
    }),
    turnSeconds: new Histogram({
      name: 'wardroom_turn_seconds',
      help: 'From hearing to answering',
      labelNames: ['capability'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10],
      registers,
    }),
    hooks: new Counter({
      name: 'wardroom_hook_calls_total',
      help: 'Webhook calls, by hook and outcome',
      labelNames: ['hook', 'outcome'],
      registers,
    }),
    delivered: new Counter({
      name: 'wardroom_delivered_total',
      help: 'Messages created, edited or found again after an unknown outcome',
      labelNames: ['how'],
      registers,
    }),
    deliveryFailures: new Counter({
      name: 'wardroom_delivery_failures_total',
      help: 'Calls of the Bot Connector that failed, by kind',
      labelNames: ['kind'],
      registers,
    }),
    deadLetters: new Counter({
      name: 'wardroom_dead_letters_total',
      help: 'Messages and jobs given up',
      registers,
    }),
    azureCalls: new Counter({
      name: 'wardroom_azure_calls_total',
      help: 'Calls of Azure services, by service and outcome',
      labelNames: ['service', 'outcome'],
      registers,
    }),
    waiting: new Gauge({ name: 'wardroom_outbox_waiting', help: 'Messages waiting to be sent', registers }),
  };
}
