import { expect, it } from 'vitest';
import { DOMAINS } from '../../../bot/app.domains.ts';
import { parse } from '../../../bot/parse.ts';
import { buildRegistry } from '../../../bot/registry.ts';
import { contextFor } from '../../bot/house.ts';

const registry = buildRegistry(DOMAINS);
const read = (text: string) => {
  const parsed = parse(registry, text, contextFor(registry));
  return parsed.kind === 'match' ? [parsed.capability.id, parsed.input] : [parsed.kind, parsed];
};
const UC = { useCase: 'UC-104' };

// The words of people who have never read the help.
it.each<[string, string, object]>([
  ['add a use case', 'intake.submit', {}],
  ['create use case Reading invoices', 'intake.submit', { title: 'Reading invoices' }],
  ['propose a use case: reading invoices', 'intake.submit', { title: 'reading invoices' }],
  ['I have an idea', 'intake.submit', {}],
  ['show use cases', 'intake.list', {}],
  ['what use cases do we have', 'intake.list', {}],
  ['my use cases', 'intake.list', { mine: 'yes' }],
  ['use cases of Retail', 'intake.list', { department: 'Retail' }],
  ['use cases in pilot', 'intake.list', { state: 'pilot' }],
  ['find use cases about churn', 'intake.list', { words: 'churn' }],
  ['which use case is best', 'intake.rank', {}],
  ['what should we build next', 'intake.rank', {}],
  ['rank with 24 pm', 'intake.rank', { capacity: '24' }],
  ['prioritise use cases', 'intake.rank', {}],
  ['why is UC-104 ranked above UC-105', 'intake.above', { ...UC, other: 'UC-105' }],
  // Asked from below: the other one is meant to stand above.
  ['why is UC-104 below UC-105', 'intake.above', { useCase: 'UC-105', other: 'UC-104' }],
  ['compare UC-104 and UC-105', 'intake.above', { ...UC, other: 'UC-105' }],
  ['who is blocking UC-104', 'intake.show', UC],
  ['what is UC-104 waiting for', 'intake.show', UC],
  ['status of UC-104', 'intake.show', UC],
  ['how is UC-104 scored', 'intake.score', UC],
  ['is UC-104 high risk', 'intake.risk', UC],
  ['classify the risk of UC-104', 'intake.classify', UC],
  ['build or buy UC-104', 'intake.weigh', UC],
  ['business case for UC-104', 'intake.weigh', UC],
  ['which kpi does nobody carry', 'intake.kpis', {}],
  ['how ready are we', 'intake.readiness', {}],
  ['how ready is Retail', 'intake.readiness', { department: 'Retail' }],
  ['how is the pilot of UC-104 going', 'intake.pilot', UC],
  ['who is called when UC-104 degrades', 'intake.paths', UC],
  ['weights', 'intake.show-weights', {}],
  ['change weights', 'intake.weights', {}],
  ['what do I have to answer', 'intake.questions', {}],
  ['rename UC-104', 'intake.answer', { ...UC, section: 'idea' }],
  ['change the data of UC-104', 'intake.answer', { ...UC, section: 'data' }],
  ['ask Ben about the data of UC-104', 'intake.ask', { ...UC, section: 'data', person: 'ben' }],
  ['delete UC-104', 'intake.withdraw', UC],
  ['object to UC-104', 'intake.object', UC],
  ['download use cases', 'intake.export-all', {}],
])('“%s” is %s', (text, id, input) => {
  expect(read(text)).toEqual([id, input]);
});
