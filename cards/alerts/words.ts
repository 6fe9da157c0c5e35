import type { Temporal } from 'temporal-polyfill';
import type { StateLook } from '../parts/state.ts';
import { plain } from '../parts/text.ts';
import { clock } from '../parts/time.ts';

/** How the alert cards say things; a second language is a second file like this one. */
export type IncidentState = 'firing' | 'acknowledged' | 'changing' | 'resolved';
/** 0 is the worst, as in Azure Monitor. */
export type Severity = 0 | 1 | 2 | 3 | 4;

export const severityWord = (severity: Severity): string => `SEV ${severity}`;

const LOOKS: Readonly<Record<IncidentState, StateLook>> = {
  firing: { word: 'firing', tone: 'bad', icon: 'Alert' },
  acknowledged: { word: 'acknowledged', tone: 'warning', icon: 'Eye' },
  changing: { word: 'change under way', tone: 'info', icon: 'ArrowSync' },
  resolved: { word: 'resolved', tone: 'good', icon: 'CheckmarkCircle' },
};

/** When the next step of an escalation comes, and on what condition. */
export const nextWhen = ({ at, provided }: { at: Temporal.Instant; provided?: string }): string =>
  provided ? `from ${clock(at)} on if ${plain(provided, 160)},` : `at ${clock(at)}`;

export const lookOf = (state: IncidentState): StateLook => LOOKS[state];
