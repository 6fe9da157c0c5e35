import type { Organisation } from '../core/organisation.ts';

export type Pipeline = Organisation['pipelines'][number];

export interface PipelineRun {
  id: string;
  state: 'asked' | 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  /** Where people look at it. */
  url?: string;
}

/** GitHub Actions and Azure Pipelines behind one interface; services/azure/pipelines.ts speaks to them. */
export interface Pipelines {
  /** Starts it; when one was started for this change already, that one. */
  dispatch(pipeline: Pipeline, change: { change: string; targets: readonly string[] }): Promise<PipelineRun>;
  look(pipeline: Pipeline, run: PipelineRun): Promise<PipelineRun>;
}
