import { z } from 'zod/v4';
import { noted } from '../../cards/parts/card.ts';
import { endpointOf } from '../../services/models/index.ts';
import { endpointRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { begin } from '../stepped.ts';
import { monitorPlan } from './monitor-plan.ts';

export const newMonitor = capability({
  id: 'alerts.new-monitor',
  summary: 'Set up a model monitor, step by step',
  phrases: ['new monitor [for {endpoint}]', 'set up monitor for {endpoint}'],
  examples: ['new monitor for ep-fraud'],
  input: z.object({ endpoint: endpointRef.optional() }),
  roles: ['requester', 'responder', 'engineering'],
  effect: 'write',
  run: async (turn, { endpoint }) => {
    if (endpoint) endpointOf(turn.rooms.organisation, endpoint);
    const known = { every: 'day', hour: '3', baseline: 'training', metric: 'psi', limit: '0.2' };
    const begun = await begin(turn, monitorPlan, {
      values: { ...known, ...(endpoint ? { endpoint } : {}) },
      ...(endpoint ? { subject: endpoint } : {}),
    });
    const words = 'Your answers are kept after each step; “my drafts” finds them again.';
    return { ...begun, ...(begun.card ? { card: noted(begun.card, words) } : {}) };
  },
});
