import { describe, expect, test } from 'vitest';
import { buildRegistry } from '../../../bot/registry.ts';
import { helpView } from '../../../dialogs/governance/help.ts';
import { governance } from '../../../dialogs/governance/index.ts';
import { domains } from '../../bot/house.ts';

const registry = buildRegistry([...domains, governance]);
const idsOf = (view: ReturnType<typeof helpView>) =>
  view.groups.flatMap(({ entries }) => entries.map((e) => e.example));

describe('help', () => {
  test('shows a person what they may run, by domain, and nothing else', () => {
    const all = registry.capabilities;
    const viewer = registry.allowedFor(['viewer']);
    expect(helpView(viewer).groups.map(({ name }) => name)).toEqual(['alerts', 'approvals', 'governance']);
    expect(idsOf(helpView(viewer))).not.toContain('ack INC-142');
    expect(idsOf(helpView(all))).toContain('ack INC-142');
    expect(idsOf(helpView(viewer, 'acknowledge'))).toEqual([]);
  });

  test.each([
    ['votes', 'approve REQ-142'],
    ['vote', 'approve REQ-142'],
    ['roll back', 'roll back ep-fraud because v7 drifts'],
    ['SILENCE', 'silence ep-fraud for 2 hours because of the load test'],
    ['timeline', 'incident INC-142 timeline'],
    ['call', 'who is on call'],
  ])('finds "%s"', (words, first) => {
    expect(idsOf(helpView(registry.capabilities, words))[0]).toBe(first);
  });

  test('looks for all words before any of them', () => {
    expect(idsOf(helpView(registry.capabilities, 'incident timeline'))).toEqual(
      expect.arrayContaining(['incident INC-142 timeline']),
    );
    expect(idsOf(helpView(registry.capabilities, 'incident timeline'))).not.toContain('ack INC-142');
    expect(idsOf(helpView(registry.capabilities, 'incident zebra'))).toContain('ack INC-142');
  });

  test('of one capability shows every way to say it and what goes where', () => {
    const { groups } = helpView(registry.capabilities, 'Alerts.ack');
    expect(groups).toHaveLength(1);
    expect(groups[0]?.entries).toContainEqual({
      example: 'acknowledge INCIDENT [because NOTE]',
      summary: 'INCIDENT is an incident, such as INC-142; NOTE is text, up to 500 characters',
      effect: 'write',
    });
  });

  test('answers with a card and with text for the terminal', async () => {
    const help = registry.get('governance.help');
    const turn = { allowed: () => registry.capabilities } as unknown as Parameters<NonNullable<typeof help>['run']>[0];
    const answer = await help?.run(turn, { about: 'rollback' }, undefined);
    expect(answer?.text).toContain('roll back ep-fraud because v7 drifts: Roll an endpoint back');
    expect(answer?.text).toContain('(asks before it happens)');
    expect(JSON.stringify(answer?.card)).toContain('roll back ep-fraud because v7 drifts');
    expect((await help?.run(turn, { about: 'zebra' }, undefined))?.text).toBe(
      'I have nothing about "zebra" for you. Say "help" to see everything.',
    );
  });
});
