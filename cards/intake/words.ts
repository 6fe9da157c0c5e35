import type { Section } from '../../services/intake/questions.ts';
import type { Gate, RiskClass } from '../../services/intake/score.rules.ts';
import type { Tone } from '../parts/tone.ts';

/** The words of this domain that more than one card says. */
export type UseCaseState = 'idea' | 'signed' | 'pilot' | 'live' | 'stopped' | 'withdrawn';
export const STATES: Readonly<Record<UseCaseState, { tone: Tone; word: string; icon: string }>> = {
  idea: { tone: 'info', word: 'idea', icon: 'Lightbulb' },
  signed: { tone: 'good', word: 'signed off', icon: 'Signature' },
  pilot: { tone: 'info', word: 'in pilot', icon: 'Beaker' },
  live: { tone: 'good', word: 'live', icon: 'CheckmarkCircle' },
  stopped: { tone: 'quiet', word: 'stopped', icon: 'DismissCircle' },
  withdrawn: { tone: 'quiet', word: 'withdrawn', icon: 'DismissCircle' },
};

export const RISKS: Readonly<Record<RiskClass, { tone: Tone; word: string }>> = {
  minimal: { tone: 'good', word: 'minimal risk' },
  transparency: { tone: 'info', word: 'duty to tell people' },
  sensitive: { tone: 'warning', word: 'sensitive use' },
  high: { tone: 'warning', word: 'high risk' },
  prohibited: { tone: 'bad', word: 'prohibited' },
};

export const GATES: Readonly<Record<Extract<Gate, { pass: false }>['gate'] | 'not-scored', string>> = {
  blocked: 'blocked',
  'no-owner': 'needs an owner',
  'no-baseline': 'needs a baseline',
  'needs-data': 'needs data',
  'not-scored': 'answers missing',
};

export const AXIS_WORDS = {
  value: 'Value',
  feasibility: 'Feasibility',
  data: 'Data readiness',
  strategic: 'Strategic fit',
} as const;

export const SECTION_TITLES: Readonly<Record<Section, string>> = {
  idea: 'The idea',
  worth: 'What it is worth',
  data: 'The data',
  build: 'How it is built',
  risk: 'The risk',
};
