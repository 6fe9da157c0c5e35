import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import type { Member } from '../../bot/authorize.ts';
import type { ParseContext } from '../../bot/parse.ts';
import type { Registry } from '../../bot/registry.ts';
import {
  duration,
  endpointRef,
  freeText,
  incidentId,
  instant,
  oneOf,
  personRef,
  requestId,
  wholeNumber,
} from '../../dialogs/arguments.ts';
import { type AnyCapability, type Capability, capability, type Domain, nothing } from '../../dialogs/capability.ts';

/** A small house to test the machine with: the capabilities do nothing but say their id. */
export function declare<Input extends z.ZodObject = typeof nothing>(
  declaration: Partial<Capability<Input>> & { id: Capability['id'] },
): AnyCapability {
  const full = {
    summary: `Do ${declaration.id}`,
    phrases: [declaration.id.replace('.', ' ')],
    examples: [declaration.id.replace('.', ' ')],
    input: nothing,
    roles: ['viewer'],
    effect: 'read',
    run: async () => ({ text: declaration.id }),
    ...declaration,
  };
  return capability(full as unknown as Capability);
}

export const alerts: Domain = {
  name: 'alerts',
  notices: {},
  capabilities: [
    declare({
      id: 'alerts.ack',
      summary: 'Acknowledge an incident',
      phrases: ['ack {incident}', 'acknowledge {incident} [because {note}]'],
      examples: ['ack INC-142', 'acknowledge INC-142 because I am looking'],
      input: z.object({ incident: incidentId, note: freeText().optional() }),
      roles: ['responder'],
      effect: 'write',
    }),
    declare({
      id: 'alerts.incident',
      summary: 'Show an incident',
      phrases: ['[show] incident {incident}', 'show {incident}'],
      examples: ['incident INC-142', 'show INC-142'],
      input: z.object({ incident: incidentId }),
    }),
    declare({
      id: 'alerts.timeline',
      summary: 'Tell what happened in an incident',
      phrases: ['incident {incident} timeline'],
      examples: ['incident INC-142 timeline'],
      input: z.object({ incident: incidentId }),
    }),
    declare({
      id: 'alerts.silence',
      summary: 'Silence an endpoint for a while',
      phrases: [
        'silence {endpoint} for {length} [because {reason}]',
        'silence {endpoint} until {until} [because {reason}]',
      ],
      examples: ['silence ep-fraud for 2 hours because of the load test', 'silence ep-fraud until tomorrow 22:00'],
      input: z.object({
        endpoint: endpointRef,
        length: duration.optional(),
        until: instant.optional(),
        reason: freeText(200).optional(),
      }),
      roles: ['responder'],
      effect: 'write',
    }),
    declare({
      id: 'alerts.note',
      summary: 'Write a note into the timeline',
      phrases: ['note {incident} {text}', 'note {incident} until {until}'],
      examples: ['note INC-142 the vendor has been called', 'note INC-142 until tomorrow 09:00'],
      input: z.object({ incident: incidentId, text: freeText().default('-'), until: instant.optional() }),
      roles: ['responder'],
      effect: 'write',
    }),
    declare({
      id: 'alerts.oncall',
      summary: 'Say who is on call',
      phrases: ["who's on call", 'who is on call', 'oncall'],
      examples: ['who is on call', 'oncall'],
    }),
    declare({
      id: 'alerts.page',
      summary: 'Page a person',
      phrases: ['page {person} about {incident}', 'page {person} {wait} about {incident}'],
      examples: ['page Ben about INC-142', 'page Ben 10m about INC-142'],
      input: z.object({ person: personRef, incident: incidentId, wait: duration.optional() }),
      roles: ['responder'],
      effect: 'write',
    }),
  ],
};

export const approvals: Domain = {
  name: 'approvals',
  notices: {},
  capabilities: [
    declare({
      id: 'approvals.vote',
      summary: 'Vote on an open approval request',
      phrases: ['vote {choice} on {request}', 'approve {request}', 'reject {request} because {reason}'],
      examples: ['approve REQ-142', 'reject REQ-142 because the bias report is missing'],
      input: z.object({
        request: requestId,
        choice: oneOf(['approve', 'reject', 'abstain']),
        reason: freeText(500).optional(),
      }),
      roles: ['approver', 'risk'],
      effect: 'write',
    }),
    declare({
      id: 'approvals.request',
      summary: 'Show a request',
      phrases: ['show {request}'],
      examples: ['show REQ-7'],
      input: z.object({ request: requestId }),
    }),
    declare({
      id: 'approvals.rollback',
      summary: 'Roll an endpoint back to its last good deployment',
      phrases: ['roll back {endpoint} [because {reason}]'],
      examples: ['roll back ep-fraud because v7 drifts'],
      input: z.object({ endpoint: endpointRef, reason: freeText() }),
      roles: ['responder'],
      effect: 'dangerous',
      secondPerson: true,
      preview: async () => 'all traffic to blue',
    }),
  ],
};

export const fleet: Domain = {
  name: 'fleet',
  notices: {},
  capabilities: [
    declare({
      id: 'fleet.scale',
      summary: 'Change the number of replicas',
      phrases: ['scale {endpoint} to {replicas}'],
      examples: ['scale ep-fraud to 4'],
      input: z.object({ endpoint: endpointRef, replicas: wholeNumber(1, 100) }),
      roles: ['admin'],
      effect: 'write',
    }),
  ],
};

export const domains: readonly Domain[] = [alerts, approvals, fleet];

export const PEOPLE: readonly Member[] = [
  { id: 'ann', name: 'Ann Berg', roles: ['responder', 'requester', 'engineering'], active: true },
  { id: 'ben', name: 'Ben Okafor', roles: ['responder', 'requester'], active: true },
  { id: 'cara', name: 'Cara Lindt', roles: ['approver', 'risk'], active: true },
  { id: 'dev', name: 'Dev Patel', roles: ['approver', 'engineering', 'responder'], active: true },
  { id: 'finn', name: "Finn O'Hara", roles: ['admin'], active: true },
  { id: 'jon', name: 'Jón Sigurðsson', roles: [], active: true },
  { id: 'lea', name: 'Léa Novák', roles: ['approver'], active: true },
  { id: 'max', name: 'Max Stone', roles: ['responder'], active: false },
];

export const NOW = Temporal.Instant.from('2026-11-23T15:45:00Z');
export const ENDPOINTS = ['ep-fraud', 'ep-aml', 'ep-churn', 'ep-credit', 'be-ltv'];

export const contextFor = (registry: Registry, over: Partial<ParseContext> = {}): ParseContext => ({
  allowed: registry.capabilities,
  now: NOW,
  zone: 'Europe/Berlin',
  self: 'ann',
  endpoints: ENDPOINTS,
  people: {
    find: (words) => {
      const said = words.toLowerCase();
      return PEOPLE.filter(
        ({ id, name }) => id === said || name.toLowerCase().split(' ').includes(said) || name.toLowerCase() === said,
      );
    },
  },
  ...over,
});
