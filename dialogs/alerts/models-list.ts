import type { AnyCapability, Draw } from '../capability.ts';
import { answerConcern } from './answer-concern.ts';
import { assess } from './assess.ts';
import { changeMonitor } from './change-monitor.ts';
import { check } from './check.ts';
import { checkDrift } from './check-drift.ts';
import { checkNotice } from './check-view.ts';
import { closeConcern } from './close-concern.ts';
import { collect } from './collect.ts';
import { collection } from './collection.ts';
import { concern } from './concern.ts';
import { concernNotice, concernReminder } from './concern-view.ts';
import { concerns } from './concerns.ts';
import { contain } from './contain.ts';
import { createMonitor } from './create-monitor.ts';
import { decideMisuse } from './decide-misuse.ts';
import { deleteMonitor } from './delete-monitor.ts';
import { failedRun } from './failed-run.ts';
import { failedRuns } from './failed-runs.ts';
import { labels } from './labels.ts';
import { lessons } from './lessons.ts';
import { misuse } from './misuse.ts';
import { misuseCases } from './misuse-cases.ts';
import { misuseNotice } from './misuse-view.ts';
import { monitor } from './monitor.ts';
import { monitorStep } from './monitor-step.ts';
import { monitors } from './monitors.ts';
import { newMonitor } from './new-monitor.ts';
import { order } from './order.ts';
import { orderNotice } from './order-view.ts';
import { pauseMonitor } from './pause-monitor.ts';
import { pauseRetraining } from './pause-retraining.ts';
import { raiseAnonymously } from './raise-anonymously.ts';
import { raiseConcern } from './raise-concern.ts';
import { resumeMonitor } from './resume-monitor.ts';
import { resumeRetraining } from './resume-retraining.ts';
import { retrain } from './retrain.ts';
import { retrainingRules } from './retraining-rules.ts';
import { retryRun } from './retry-run.ts';
import { setThreshold } from './set-threshold.ts';
import { suggestThresholds } from './suggest-thresholds.ts';
import { thresholds } from './thresholds.ts';
import { training } from './training.ts';
import { trainingNotice } from './training-view.ts';
import { trainings } from './trainings.ts';
import { undoThreshold } from './undo-threshold.ts';
import { unwatchDrift } from './unwatch-drift.ts';
import { watchDrift } from './watch-drift.ts';

/** Models: what watches them, from where on it alarms, what they collect, and how well they do. */
export const modelCapabilities: readonly AnyCapability[] = [
  monitors,
  monitor,
  newMonitor,
  monitorStep,
  createMonitor,
  changeMonitor,
  pauseMonitor,
  resumeMonitor,
  deleteMonitor,
  collection,
  collect,
  checkDrift,
  check,
  watchDrift,
  unwatchDrift,
  thresholds,
  suggestThresholds,
  setThreshold,
  undoThreshold,
  labels,
  order,
  failedRuns,
  failedRun,
  retryRun,
  retrain,
  retrainingRules,
  pauseRetraining,
  resumeRetraining,
  trainings,
  training,
  raiseConcern,
  raiseAnonymously,
  concerns,
  concern,
  answerConcern,
  closeConcern,
  contain,
  misuseCases,
  misuse,
  assess,
  decideMisuse,
  lessons,
];

export const modelNotices: Readonly<Record<string, Draw>> = {
  'alerts.order': orderNotice,
  'alerts.check': checkNotice,
  'alerts.concern': concernNotice,
  'alerts.concern-reminder': concernReminder,
  'alerts.misuse': misuseNotice,
  'alerts.training': trainingNotice,
  'alerts.training-ended': trainingNotice,
};
