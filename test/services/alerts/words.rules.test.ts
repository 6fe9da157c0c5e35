import { expect, it } from 'vitest';
import { kindOfWords, severityOfWord } from '../../../services/alerts/words.rules.ts';

it.each([
  ['critical', 0],
  ['Page', 0],
  ['error', 1],
  ['warning', 2],
  ['info', 3],
  ['none', 4],
  ['sev0', 0],
  ['SEV-1', 1],
  ['severity 3', 3],
  ['4', 4],
  ['9', 4],
  ['P1', 0],
  ['p3', 2],
  ['p0', 0],
])('the severity “%s” is Sev%i', (word, level) => expect(severityOfWord(word)).toBe(level));

it.each([undefined, '', ' ', 'urgent-ish', '-1', '1.5', 'constructor', '__proto__', 'critical; drop'])(
  'the word “%s” is no severity',
  (word) => expect(severityOfWord(word)).toBeUndefined(),
);

it.each([
  ['EpFraudHighLatency', 'latency'],
  ['model_drift_amount', 'drift'],
  ['HighErrorRate', 'errors'],
  ['Http5xx', 'errors'],
  ['ErrorBudgetBurn', 'errors'],
  ['MonthlyBudgetSpent', 'budget'],
  ['EndpointDown', 'availability'],
  ['TargetDown', 'availability'],
  ['Watchdog', 'other'],
  ['Download', 'other'],
])('a rule named %s is about %s', (name, kind) => expect(kindOfWords(name)).toBe(kind));
