import { Temporal } from 'temporal-polyfill';
import { createEstate, type Estate } from '../../../infra/sandbox/azure/estate.ts';
import { type EstateHttpOptions, estateCredential, estateHttpClient } from '../../../infra/sandbox/azure/http.ts';
import type { Journal } from '../../../infra/sandbox/azure/journal.ts';
import { type AzureClients, azureClients } from '../../../services/azure/client.ts';
import type { GuardTuning } from '../../../services/azure/resilience.ts';
import type { HttpClient, PipelineRequest } from '../../../services/azure/wire.ts';
import { type MovableClock, movableClock } from '../../../services/core/clock.ts';

/** A Thursday afternoon in Northwind, with the real clients over the estate and a clock that stands still. */
export const START = Temporal.Instant.from('2026-11-19T14:00:00Z');

export const SUBSCRIPTION = '6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001';
export const PAYMENTS = { subscription: SUBSCRIPTION, resourceGroup: 'rg-ml-payments', workspace: 'mlw-payments-weu' };
export const FRAUD = { ...PAYMENTS, endpoint: 'ep-fraud' };

export interface Stage {
  clock: MovableClock;
  estate: Estate;
  azure: AzureClients;
  /** Every request that reached the wire. */
  sent: PipelineRequest[];
  advance(duration: Temporal.DurationLike): Promise<void>;
}

export interface StageOptions extends EstateHttpOptions {
  journal?: Journal;
  start?: Temporal.Instant;
  tuning?: GuardTuning;
}

export function stage(options: StageOptions = {}): Stage {
  const clock = movableClock({ start: options.start ?? START, frozen: true });
  const estate = createEstate({ clock, seed: 7, ...(options.journal ? { journal: options.journal } : {}) });
  const inner = estateHttpClient(estate, options);
  const sent: PipelineRequest[] = [];
  const httpClient: HttpClient = {
    sendRequest: (request) => {
      sent.push(request);
      return inner.sendRequest(request);
    },
  };
  const azure = azureClients({
    credential: estateCredential,
    httpClient,
    clock,
    random: () => 0.5,
    tuning: { backoffMs: 2, ...options.tuning },
  });
  return { clock, estate, azure, sent, advance: (duration) => clock.moveTo(clock.now().add(duration)) };
}
