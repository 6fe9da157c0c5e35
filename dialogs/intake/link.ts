import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { endpointRef, freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { useCaseId } from './arguments.ts';
import { shownUseCase } from './shown.ts';

export const link = capability({
  id: 'intake.link',
  summary: 'Tie a use case to the model and the endpoint that carry it',
  phrases: ['link {useCase} to endpoint {endpoint}', 'link {useCase} to {endpoint}', 'link {useCase} to model {model}'],
  examples: ['link UC-104 to endpoint ep-churn', 'link UC-104 to model churn-scorer'],
  input: z.object({ useCase: useCaseId, endpoint: endpointRef.optional(), model: freeText(120).optional() }),
  roles: ['requester', 'engineering', 'domain', 'admin'],
  effect: 'write',
  run: async (turn, { useCase, endpoint, model }) => {
    const { rooms, tx, actor } = turn;
    const known = rooms.organisation.endpoints;
    if (endpoint && !known.some(({ id }) => id === endpoint))
      throw new Refused(`There is no endpoint ${endpoint}.`, 'Say “endpoints”.');
    if (model && !known.some(({ models }) => models.some((one) => one.split(':')[0] === model)))
      throw new Refused(
        `No endpoint serves a model called “${model}”.`,
        `There are ${[...new Set(known.flatMap(({ models }) => models.map((one) => one.split(':')[0])))].join(', ')}.`,
      );
    if (!endpoint && !model)
      throw new Refused('Name an endpoint or a model.', `For example: link ${useCase} to endpoint ep-churn`);
    await rooms.intake.link(tx, useCase, {
      kind: endpoint ? 'endpoint' : 'model',
      target: endpoint ?? model ?? '',
      detail: {},
      by: actor.id,
    });
    return shownUseCase(turn, useCase, `${useCase} is tied to ${endpoint ?? model}.`, {
      objects: [useCase, ...(endpoint ? [endpoint] : [])],
    });
  },
});
