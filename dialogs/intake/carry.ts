import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { useCaseId } from './arguments.ts';
import { shownUseCase } from './shown.ts';

export const carry = capability({
  id: 'intake.carry',
  summary: 'Say which strategic KPI a use case carries, and by how much',
  phrases: ['map {useCase} to {kpi} by {change}'],
  examples: ['map UC-104 to churn-rate by 2 points'],
  input: z.object({ useCase: useCaseId, kpi: freeText(80), change: freeText(80) }),
  roles: ['requester', 'domain', 'engineering', 'admin'],
  effect: 'write',
  run: async (turn, { useCase, kpi, change }) => {
    const { rooms, tx, actor } = turn;
    const found = rooms.organisation.kpis.find(({ id, name }) => [id, name.toLowerCase()].includes(kpi.toLowerCase()));
    if (!found) {
      const known = rooms.organisation.kpis.map(({ id }) => id).join(', ');
      throw new Refused(
        `There is no KPI “${kpi}”.`,
        known ? `There are ${known}.` : 'Name them under kpis in wardroom.yaml.',
      );
    }
    await rooms.intake.link(tx, useCase, { kind: 'kpi', target: found.id, detail: { change }, by: actor.id });
    return shownUseCase(turn, useCase, `${useCase} carries ${found.name}: ${change}.`);
  },
});
