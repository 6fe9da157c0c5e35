import { z } from 'zod/v4';
import { Refused } from '../core/errors.ts';
import { read } from './border.ts';
import { type MonitorSpec, monitorBody } from './ml.monitor-body.ts';
import { ML_API_VERSION, type WorkspaceRef, workspaceId } from './refs.ts';
import { refusing } from './refuse.ts';
import { type Guard, orMissing } from './resilience.ts';
import type { Rest } from './rest.ts';

const SERVICE = 'Azure Machine Learning';
const query = { 'api-version': ML_API_VERSION };

/** What ARM accepts of a schedule; the rest of a GET's answer is its own. */
const WRITABLE = ['action', 'description', 'displayName', 'isEnabled', 'properties', 'tags', 'trigger'];
const raw = z.object({ properties: z.looseObject({ action: z.looseObject({ actionType: z.string() }) }) });

export interface MonitorChange {
  enabled?: boolean;
  /** A new limit for every metric of every signal; or of the named one only. */
  limit?: { value: number; signal?: string };
}

export interface ScheduleWrites {
  /** Refused when a schedule of this name exists: a PUT would replace it. */
  createMonitor(ref: WorkspaceRef, name: string, spec: MonitorSpec): Promise<void>;
  /** Reads the whole schedule and writes it back changed; nothing but what was asked changes. */
  changeMonitor(ref: WorkspaceRef, name: string, change: MonitorChange): Promise<void>;
  deleteMonitor(ref: WorkspaceRef, name: string): Promise<void>;
}

/** Model monitors by raw ARM: the SDK's version knows no CreateMonitor and would drop it (platform.md, section 5.1). */
export function scheduleWrites({ rest, guard }: { rest: Rest; guard: Guard }): ScheduleWrites {
  const pathOf = (ref: WorkspaceRef, name: string) => `${workspaceId(ref)}/schedules/${encodeURIComponent(name)}`;
  const named = (name: string) => `the monitor ${name}`;

  async function current(ref: WorkspaceRef, name: string) {
    const { value } = await guard.read(
      `raw:${pathOf(ref, name)}`,
      (signal) =>
        orMissing(rest({ method: 'GET', path: pathOf(ref, name), query, signal })).catch(refusing(named(name))),
      { fresh: true },
    );
    return value && read(SERVICE, raw, value.body).properties;
  }

  const put = (ref: WorkspaceRef, name: string, body: unknown) =>
    guard.write((signal) =>
      rest({ method: 'PUT', path: pathOf(ref, name), query, body, signal }).catch(refusing(named(name))),
    );

  return {
    async createMonitor(ref, name, spec) {
      if (await current(ref, name))
        throw new Refused(`There is a monitor ${name} already.`, `Say “monitor ${name}” to see it.`, 'exists');
      await put(ref, name, monitorBody(spec));
    },
    async changeMonitor(ref, name, change) {
      const properties = await current(ref, name);
      if (!properties) throw new Refused(`There is no monitor ${name}.`, 'Say “monitors” for the list.');
      await put(ref, name, { properties: changed(properties, change) });
    },
    async deleteMonitor(ref, name) {
      await guard.write((signal) =>
        rest({ method: 'DELETE', path: pathOf(ref, name), query, signal }).catch(refusing(named(name))),
      );
    },
  };
}

/** Pure: the writable part of a schedule with the change applied. */
export function changed(
  properties: Readonly<Record<string, unknown>>,
  { enabled, limit }: MonitorChange,
): Record<string, unknown> {
  const kept = Object.fromEntries(
    Object.entries(properties).filter(([name, value]) => WRITABLE.includes(name) && value !== null),
  );
  const body = structuredClone(kept) as Record<string, unknown> & {
    action?: { monitorDefinition?: { signals?: Record<string, Signal> } };
  };
  if (enabled !== undefined) body['isEnabled'] = enabled;
  if (limit) {
    for (const [name, signal] of Object.entries(body.action?.monitorDefinition?.signals ?? {})) {
      if (limit.signal !== undefined && limit.signal !== name) continue;
      for (const each of signal.metricThresholds ?? []) each.threshold = { value: limit.value };
      if (signal.metricThreshold) signal.metricThreshold.threshold = { value: limit.value };
    }
  }
  return body;
}

interface Signal {
  metricThresholds?: { threshold?: { value: number } }[];
  metricThreshold?: { threshold?: { value: number } };
}
