import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { type CollectionView, collectionCard, collectionHeadline } from '../../cards/alerts/collection.ts';
import { endpointRef } from '../arguments.ts';
import { capability } from '../capability.ts';

export const collection = capability({
  id: 'alerts.collection',
  summary: 'Show whether the deployments of an endpoint collect what they are asked and what they answer',
  phrases: ['collection of {endpoint}', 'data collection of {endpoint}'],
  examples: ['collection of ep-fraud'],
  input: z.object({ endpoint: endpointRef }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { endpoint }) => {
    const read = await rooms.models.collection.read(endpoint);
    const view: CollectionView = {
      now,
      endpoint,
      deployments: read.deployments.map(({ deployment, traffic, on, missing, lastFile }) => ({
        name: deployment,
        traffic,
        on: on.map(({ name, sampling }) => ({ name, sampling })),
        missing,
        ...(lastFile ? { lastFile: Temporal.Instant.from(lastFile) } : {}),
      })),
      consequences: read.consequences,
      asOf: Temporal.Instant.from(read.asOf),
      source: read.stale
        ? 'Azure Machine Learning does not answer now; this is the last answer'
        : 'Azure Machine Learning and its storage',
    };
    return { text: collectionHeadline(view), card: collectionCard(view), data: read };
  },
});
