import type { Rooms } from '../dialogs/rooms.ts';
import { type Alerts, type AlertsDeps, alerts, cardOf as incidentCardOf } from '../services/alerts/index.ts';
import {
  type Approvals,
  approvals,
  experiments,
  movePlan,
  type Rollouts,
  rolloutCardOf,
  type Serving,
} from '../services/approvals/index.ts';
import { concernsRoom } from '../services/concerns/index.ts';
import { drafts } from '../services/core/drafts.ts';
import { files } from '../services/core/files.ts';
import type { Ids } from '../services/core/ids.ts';
import { redeliver, undelivered } from '../services/core/outbox.ts';
import { type CostSource, type Costs, costs } from '../services/cost/index.ts';
import { type Fleet, fleet } from '../services/fleet/index.ts';
import { intake } from '../services/intake/index.ts';
import type { Db } from '../services/store/store.ts';
import type { azureFor } from './app.azure.ts';
import { costAlarm, moneyChange, retrainingBudget } from './app.cost.ts';
import { assessedBy, pilotMeasures } from './app.intake.ts';
import { type ModelServices, modelServices } from './app.models.ts';
import { rolloutGates, rolloutRoom, servingReads, servingRoom } from './app.rollout.ts';
import {
  changeCare,
  machineCapacity,
  servedRequests,
  type WindowsOptions,
  windowGate,
  windowsServices,
} from './app.windows.ts';

/** What every domain stands on: the same for all of them. */
export type Shared = Omit<AlertsDeps, 'investigate' | 'changesOf' | 'maintenance'> & {
  fileUrl: (token: string) => string;
  pictures: Rooms['pictures'];
  ids: Ids;
  db: Db;
};

export interface DomainServices {
  rooms: Rooms;
  incidents: Alerts;
  /** Begins what goes on by itself: watches and rounds. Again after the sandbox's reset. */
  begin(): Promise<void>;
}

/** The domains and what they tell each other. Part of the composition root. */
export function domainServices(
  shared: Shared,
  wired: ReturnType<typeof azureFor> & { cost: CostSource },
  options: WindowsOptions,
): DomainServices {
  const { db, clock, outbox: messages } = shared;
  const { azure, ref } = wired;
  const calendar = windowsServices(shared, options, {
    served: servedRequests(azure, ref, shared.organisation, clock),
    capacity: machineCapacity(azure, ref, shared.organisation, wired.cost, () => money.budgets),
    care: changeCare(clock, azure, ref, wired.rolloutWatcher, {
      alerts: () => incidents,
      fleet: () => estate,
      promotions: () => promotions,
    }),
  });
  const ideas = intake({ ...shared, measures: pilotMeasures(azure, shared.organisation, ref) });
  let incidents: Alerts;
  let requests: Approvals;
  let promotions: Rollouts;
  let watched: ModelServices;
  let served: Serving;
  let money: Costs;
  const estate: Fleet = fleet({
    ...shared,
    estate: wired.estate,
    onProgress: async (tx, change) => {
      if (change.incident) await messages.refresh(tx, incidentCardOf(change.incident));
      if (change.request) await messages.refresh(tx, `request:${change.request}`);
      if (change.rollout) await messages.refresh(tx, rolloutCardOf(change.rollout));
    },
    onFinished: async (tx, change, outcome, note) => {
      if (outcome === 'succeeded') await served.changed(tx, change);
      await worries.misuse.changeEnded(tx, change.id, outcome, note);
      if (change.rollout) return promotions.changeEnded(tx, change, outcome, note);
      if (outcome === 'succeeded') await promotions.overtaken(tx, change);
      if (change.request) await requests.finished(tx, change.request, outcome);
      if (change.incident) {
        await messages.refresh(tx, incidentCardOf(change.incident));
        await incidents.closeIfOver(tx, change.incident);
      }
    },
  });
  const worries = concernsRoom({
    ...shared,
    ownPath: (reader, about) => ideas.paths.ethics(reader, about),
    mustKnow: ideas.mustKnow,
    move: (tx, { endpoint, workspace, from, to, what }) =>
      estate.start(tx, { endpoint, plan: { workspace, from, traffic: to, what } }),
  });
  incidents = alerts({
    ...shared,
    ownPath: (reader, endpoint) => ideas.paths.performance(reader, endpoint),
    investigate: wired.investigator,
    maintenance: (reader, now) => calendar.quiets(now, reader),
    learned: async (tx, fact) => {
      if (fact.kind !== 'model-registered') return;
      for (const model of fact.models) await requests.registered(tx, model, fact.workspace);
    },
    changesOf: (reader, endpoint, since) => estate.since(reader, endpoint, since),
    onRun: (tx, run) => watched.runEnded(tx, run),
  });
  watched = modelServices(shared, wired, {
    raise: incidents.raise,
    diagnosed: async (tx, { run }) => incidents.lookAgain(tx, run),
    // The version's own draft for approval is opened by its registration.
    version: async () => undefined,
    budget: retrainingBudget(() => money, shared),
  });
  requests = approvals({
    ...shared,
    startChange: async (tx, { plan, ...change }) => {
      if (plan.kind === 'cost') return money.plans.begin(tx, moneyChange(plan, change)).then(() => undefined);
      return plan.kind === 'traffic'
        ? estate.start(tx, { ...change, plan: movePlan(plan) })
        : promotions.begin(tx, { ...change, plan }, plan);
    },
    sources: wired.sources,
    refreshIncident: (tx, incident) => messages.refresh(tx, incidentCardOf(incident)),
    assessed: (reader, endpoint) => assessedBy(ideas, reader, endpoint),
  });
  served = servingRoom(shared, {
    reads: servingReads(wired.azure, wired.ref),
    fleet: () => estate,
    rollouts: () => promotions,
  });
  promotions = rolloutRoom(shared, {
    watcher: wired.rolloutWatcher,
    gates: [
      ...rolloutGates(
        () => incidents,
        () => requests,
      ),
      windowGate(calendar),
    ],
    fleet: () => estate,
    approvals: () => requests,
  });
  money = costs({
    ...shared,
    decided: (tx, request, outcome, note) => requests.finished(tx, request, outcome, note),
    source: wired.cost,
    raiseIncident: (tx, anomaly) => incidents.raise(tx, costAlarm(anomaly)),
  });
  return {
    rooms: {
      db,
      organisation: shared.organisation,
      people: shared.people,
      audit: shared.audit,
      drafts: drafts({ clock }),
      alerts: incidents,
      approvals: requests,
      fleet: estate,
      cost: money,
      files: files(shared),
      fileUrl: shared.fileUrl,
      pictures: shared.pictures,
      windows: calendar,
      rollouts: promotions,
      models: watched.models,
      training: watched.training,
      serving: served,
      intake: ideas,
      catalogue: wired.catalogue,
      concerns: worries,
      experiments: experiments({ ...shared, watcher: wired.rolloutWatcher }),
      undelivered,
      redeliver: (tx) => redeliver(tx, clock),
    },
    incidents,
    begin: async () => {
      await incidents.begin();
      await calendar.automations.begin();
      await calendar.budgets.begin();
      await money.begin();
      await watched.begin();
      await served.begin();
      await ideas.begin();
    },
  };
}
