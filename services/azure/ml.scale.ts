import { Refused } from '../core/errors.ts';
import { read } from './border.ts';
import { envelope, scalesItself, WRITABLE } from './ml.deployments.ts';
import { refuseClientError } from './ml.traffic.ts';
import { type DeploymentRef, deploymentId, ML_API_VERSION } from './refs.ts';
import type { Guard } from './resilience.ts';
import type { Rest } from './rest.ts';

const SERVICE = 'Azure Machine Learning';

export interface Scale {
  /** Gives a deployment this many instances; everything else stays as it is. Repeating it changes nothing. */
  setInstances(ref: DeploymentRef, instances: number): Promise<void>;
}

export function scale({ rest, guard }: { rest: Rest; guard: Guard }): Scale {
  const query = { 'api-version': ML_API_VERSION };
  return {
    async setInstances(ref, instances) {
      const path = deploymentId(ref);
      const { value } = await guard.read(
        `raw:${path}`,
        (signal) => rest({ method: 'GET', path, query, signal }).catch(refuseClientError(ref)),
        { fresh: true },
      );
      const whole = read(SERVICE, envelope, value.body);
      if (whole.sku.capacity === instances) return;
      if (scalesItself(whole))
        throw new Refused(
          `${ref.deployment} of ${ref.endpoint} scales by itself, between limits of its own.`,
          'Change its scaleSettings (minInstances, maxInstances) in Azure.',
          'autoscaled',
        );
      if (whole.properties['provisioningState'] === 'Updating')
        throw new Refused(`${ref.deployment} of ${ref.endpoint} is being changed.`, 'Try again when that is done.');
      const writable = Object.entries(whole.properties).filter(
        ([key, each]) => WRITABLE.includes(key) && each !== null,
      );
      const body = {
        location: whole.location,
        ...(whole.kind ? { kind: whole.kind } : {}),
        ...(whole.tags ? { tags: whole.tags } : {}),
        sku: { name: whole.sku.name, capacity: instances },
        ...(whole.identity ? { identity: { type: whole.identity.type } } : {}),
        properties: { ...Object.fromEntries(writable), model: (whole.properties as { model?: unknown }).model },
      };
      await guard.write((signal) => rest({ method: 'PUT', path, query, body, signal }).catch(refuseClientError(ref)));
    },
  };
}
