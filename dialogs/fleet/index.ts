import type { Domain } from '../capability.ts';
import { endpoint } from './endpoint.ts';
import { endpoints } from './endpoints.ts';

/** Endpoints and how they stand. */
export const fleet: Domain = { name: 'fleet', capabilities: [endpoints, endpoint], notices: {} };
