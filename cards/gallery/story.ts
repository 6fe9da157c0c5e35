import { Temporal } from 'temporal-polyfill';

/** The afternoon the samples tell of: at 14:05 UTC ep-fraud begins to drift. */
export const at = (time: string): Temporal.Instant => Temporal.Instant.from(`2026-11-23T${time}:00Z`);

export const ANN = { id: '00000000-0000-4000-8000-000000000001', name: 'Ann Berg' };
export const BEN = { id: '00000000-0000-4000-8000-000000000002', name: 'Ben Okafor' };
export const CARA = { id: '00000000-0000-4000-8000-000000000003', name: 'Cara Lindt' };
export const DEV = { id: '00000000-0000-4000-8000-000000000004', name: 'Dev Patel' };

export const DIGEST = 'sha256:5c1f0a9be2d47786a3f51d0c4b9e8f60271ad3c95be8f4410c6f7d2a9e3b8045';
/** What somebody could call a thing to break a card. */
export const HOSTILE =
  "<at>Finn O'Hara</at> **[Approve](https://evil.example)** `x` {{DATE(2026-01-01T00:00:00Z)}} \u202Egnp.exe\u202C\n# - 1. a_b _c_";
