import { z } from 'zod/v4';
import { isoTime } from './border.ts';

/**
 * What we read of Azure ML's resources, whether they come through the SDK (which flattens some fields and turns times
 * into Dates) or raw from ARM. Only the fields Wardroom uses; everything else passes unread.
 */
const systemData = z
  .object({
    createdAt: isoTime.optional(),
    createdBy: z.string().optional(),
    lastModifiedAt: isoTime.optional(),
    lastModifiedBy: z.string().optional(),
  })
  .default({});

const resource = { id: z.string().min(1), name: z.string().min(1), systemData };
const tags = z.record(z.string(), z.string()).nullish();

/** Percent per deployment. ARM sends numbers; an endpoint without traffic has an empty map or none. */
const percent = z.record(z.string(), z.number().int().min(0).max(100)).nullish();

export const onlineEndpoint = z.object({
  ...resource,
  location: z.string(),
  kind: z.string().nullish(),
  tags,
  properties: z.object({
    compute: z.string().nullish(),
    provisioningState: z.string().optional(),
    scoringUri: z.string().nullish(),
    description: z.string().nullish(),
    traffic: percent,
    mirrorTraffic: percent,
  }),
});

export const onlineDeployment = z.object({
  ...resource,
  tags,
  sku: z.object({ name: z.string().optional(), capacity: z.number().int().nullish() }).nullish(),
  properties: z.object({
    provisioningState: z.string().optional(),
    model: z.string().nullish(),
    environmentId: z.string().nullish(),
    instanceType: z.string().nullish(),
    description: z.string().nullish(),
  }),
});

export const modelContainer = z.object({
  ...resource,
  properties: z.object({
    latestVersion: z.string().nullish(),
    description: z.string().nullish(),
    isArchived: z.boolean().nullish(),
    tags,
  }),
});

export const modelVersion = z.object({
  ...resource,
  properties: z.object({
    description: z.string().nullish(),
    isArchived: z.boolean().nullish(),
    jobName: z.string().nullish(),
    modelType: z.string().nullish(),
    modelUri: z.string().nullish(),
    stage: z.string().nullish(),
    tags,
    properties: z.record(z.string(), z.string()).nullish(),
  }),
});

export const environmentVersion = z.object({
  ...resource,
  properties: z.object({ image: z.string().nullish(), description: z.string().nullish(), tags }),
});

/** The SDK flattens a workspace's properties; ARM does not. We list workspaces through the SDK. */
export const workspace = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  location: z.string(),
  friendlyName: z.string().nullish(),
  mlFlowTrackingUri: z.string().nullish(),
  tags,
});

export const job = z.object({
  ...resource,
  properties: z.object({
    jobType: z.string(),
    displayName: z.string().nullish(),
    experimentName: z.string().nullish(),
    status: z.string().nullish(),
    computeId: z.string().nullish(),
    tags,
    properties: z.record(z.string(), z.string().nullable()).nullish(),
  }),
});

export const asyncOperation = z.object({
  status: z.string().min(1),
  percentComplete: z.number().min(0).max(100).optional(),
  error: z.object({ code: z.string().optional(), message: z.string().optional() }).nullish(),
});

export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ value: z.array(item), nextLink: z.string().nullish() });
