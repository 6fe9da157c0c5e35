import type { StateLook } from '../parts/state.ts';

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

export const lookOf = (state: IncidentState): StateLook => LOOKS[state];
