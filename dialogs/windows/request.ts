import { z } from 'zod/v4';
import { endpointRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { begin } from '../stepped.ts';
import { requestPlan } from './request-form.ts';

export const request = capability({
  id: 'windows.request',
  summary: 'Request a change: what, where, when, how, and how back; the board decides',
  phrases: [
    'request change [for {endpoint}]',
    'request a change [for {endpoint}]',
    'plan a change [for {endpoint}]',
    'plan change [for {endpoint}]',
    'new change [for {endpoint}]',
    'emergency change [for {endpoint}]',
    'i want to deploy {endpoint}',
  ],
  examples: ['request change', 'request change for ep-fraud'],
  input: z.object({ endpoint: endpointRef.optional() }),
  roles: ['requester', 'responder', 'engineering'],
  effect: 'write',
  run: (turn, { endpoint }) => begin(turn, requestPlan, endpoint ? { values: { targets: endpoint } } : {}),
});
