import type { Card } from './card.ts';
import { alertSamples } from './gallery/alerts.ts';
import { approvalSamples } from './gallery/approvals.ts';
import { changeSamples } from './gallery/changes.ts';
import { concernSamples } from './gallery/concerns.ts';
import { costSamples } from './gallery/cost.ts';
import { costMoreSamples } from './gallery/cost-more.ts';
import { driftSamples } from './gallery/drift.ts';
import { experimentSamples } from './gallery/experiments.ts';
import { governanceSamples } from './gallery/governance.ts';
import { hookSamples } from './gallery/hooks.ts';
import { incidentWorkSamples } from './gallery/incident-work.ts';
import { intakeSamples } from './gallery/intake.ts';
import { intakeLifeSamples } from './gallery/intake-life.ts';
import { listSamples } from './gallery/lists.ts';
import { modelSamples } from './gallery/models.ts';
import { noiseSamples } from './gallery/noise.ts';
import { oncallSamples } from './gallery/oncall.ts';
import { placeSamples } from './gallery/places.ts';
import { releaseSamples } from './gallery/releases.ts';
import { responseSamples } from './gallery/response.ts';
import { rolloutSamples } from './gallery/rollouts.ts';
import { trainingSamples } from './gallery/training.ts';
import { windowSamples } from './gallery/windows.ts';

export interface Sample {
  /** `domain/card-state`; also the name of its golden file. */
  name: string;
  card: Card;
}

/** Every card in every state, with the data of one realistic afternoon: for the golden files and the Room's gallery. */
export const gallery = (): Sample[] => [
  ...alertSamples(),
  ...hookSamples(),
  ...costSamples(),
  ...costMoreSamples(),
  ...driftSamples(),
  ...approvalSamples(),
  ...rolloutSamples(),
  ...experimentSamples(),
  ...releaseSamples(),
  ...governanceSamples(),
  ...placeSamples(),
  ...listSamples(),
  ...oncallSamples(),
  ...noiseSamples(),
  ...responseSamples(),
  ...incidentWorkSamples(),
  ...modelSamples(),
  ...windowSamples(),
  ...trainingSamples(),
  ...intakeSamples(),
  ...intakeLifeSamples(),
  ...changeSamples(),
  ...concernSamples(),
];
