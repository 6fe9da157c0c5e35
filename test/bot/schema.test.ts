import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { buildRegistry } from '../../bot/registry.ts';
import { idOfTool, toolsOf } from '../../bot/schema.ts';
import { domains } from './house.ts';

const registry = buildRegistry(domains);
const tools = toolsOf(registry.capabilities);

test('every capability is a tool with a name that models accept and a strict, valid JSON Schema', () => {
  const ajv = new Ajv2020({ strict: true, formats: { duration: true, 'date-time': true } });
  expect(tools).toHaveLength(registry.capabilities.length);
  for (const tool of tools) {
    expect(tool.name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(registry.get(idOfTool(tool.name))?.id).toBe(tool.id);
    expect(() => ajv.compile(tool.parameters)).not.toThrow();
  }
});

test('a schema accepts what the input accepts, and no more fields', () => {
  const ajv = new Ajv2020({ formats: { duration: true, 'date-time': true } });
  const scale = ajv.compile(tools.find(({ id }) => id === 'fleet.scale')?.parameters ?? {});
  expect(scale({ endpoint: 'ep-fraud', replicas: 4 })).toBe(true);
  expect(scale({ endpoint: 'ep-fraud', replicas: 400 })).toBe(false);
  expect(scale({ endpoint: 'ep-fraud' })).toBe(false);
  expect(scale({ endpoint: 'ep-fraud', replicas: 4, force: true })).toBe(false);
});

test('a model is asked for ISO times and told what a tool changes', () => {
  const silence = tools.find(({ id }) => id === 'alerts.silence');
  expect(silence?.parameters.properties).toMatchObject({ until: { description: expect.stringContaining('ISO 8601') } });
  expect(tools.find(({ effect }) => effect === 'dangerous')?.description).toContain('asked before it happens');
});
