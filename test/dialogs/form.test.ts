import { describe, expect, test } from 'vitest';
import { z } from 'zod/v4';
import { readData } from '../../bot/parse-field.ts';
import { formCard } from '../../cards/form.ts';
import { duration, freeText, oneOf, requestId, wholeNumber } from '../../dialogs/arguments.ts';
import { emptyDraft, formOf, type Plan, type ReadData, readForm, stepForm, takeStep } from '../../dialogs/form.ts';
import { declare, NOW } from '../bot/house.ts';

const vote = declare({
  id: 'approvals.vote',
  summary: 'Vote on an open approval request',
  input: z.object({
    request: requestId,
    choice: oneOf(['approve', 'reject']),
    reason: freeText(500),
    replicas: wholeNumber(1, 9).optional(),
    reviewAfter: duration.optional(),
  }),
});
const read: ReadData = (capability, data) => readData(capability, data, { now: NOW, zone: 'Europe/Berlin' });

describe('a form', () => {
  const form = formOf(vote, {
    hidden: { request: 'REQ-7' },
    values: { reason: 'It is late' },
    errors: { choice: 'choose' },
  });

  test('asks for every field that is not known yet, by its kind', () => {
    expect(form.fields.map(({ id, kind, required }) => [id, kind, required])).toEqual([
      ['choice', 'choice', true],
      ['reason', 'long', true],
      ['replicas', 'number', false],
      ['reviewAfter', 'text', false],
    ]);
    expect(form.fields[0]).toMatchObject({ choices: [{ title: 'Approve', value: 'approve' }, { value: 'reject' }] });
    expect(form.fields[1]).toMatchObject({ limit: 500, value: 'It is late' });
    expect(form.fields[2]).toMatchObject({ min: 1, max: 9 });
    expect(form.fields[3]).toMatchObject({ label: 'Review after', advice: 'A duration, such as 90m or 2 hours' });
  });

  test('is drawn with labels, messages, what is filled in, what was wrong, and the ids unseen', () => {
    const drawn = JSON.stringify(formCard(form));
    for (const part of ['"value":"It is late"', '"label":"Choice"', '"isRequired":true', 'One answer is missing'])
      expect(drawn).toContain(part);
    expect(drawn).toContain('"verb":"approvals.vote"');
    expect(drawn).toContain('"data":{"request":"REQ-7"}');
    expect(drawn).toContain('"associatedInputs":"auto"');
  });

  test('that names an unknown field is a mistake of the dialog', () => {
    expect(() => formOf(vote, { fields: ['nothing'] })).toThrow('approvals.vote has no field "nothing"');
  });
});

describe('a submitted form', () => {
  test('becomes typed input', () => {
    const data = { request: '7', choice: 'reject', reason: ' late ', replicas: '3', reviewAfter: '2 days', verb: 'x' };
    expect(readForm(vote, data, read)).toEqual({
      ok: true,
      input: { request: 'REQ-7', choice: 'reject', reason: 'late', replicas: 3, reviewAfter: 'P2D' },
    });
  });

  test('that does not fit says what at which field, and keeps the answers', () => {
    const data = { request: 'REQ-7', choice: 'maybe', reason: '', reviewAfter: 'tea' };
    expect(readForm(vote, data, read)).toEqual({
      ok: false,
      values: data,
      errors: {
        choice: '"maybe" is not one of approve, reject',
        reason: 'write text, up to 500 characters',
        reviewAfter: expect.stringContaining('is not a duration'),
      },
    });
  });
});

describe('a form in steps', () => {
  const plan: Plan = {
    capability: vote,
    verb: 'approvals.step',
    steps: [
      { title: 'Which one', fields: ['request', 'choice'] },
      { title: 'Why', fields: ['reason', 'reviewAfter'] },
    ],
  };

  test('goes on when a step is right, keeps the draft as it was typed, and ends with the whole input', () => {
    const first = takeStep(plan, emptyDraft, { request: '7', choice: 'approve', reason: 'not asked here' }, read);
    expect(first).toEqual({ kind: 'next', draft: { at: 1, values: { request: '7', choice: 'approve' } } });
    const draft = first.kind === 'next' ? first.draft : emptyDraft;
    expect(stepForm(plan, draft, { hidden: { draft: 'd1' } })).toMatchObject({
      verb: 'approvals.step',
      title: 'Why',
      submit: 'Send',
      step: { at: 2, of: 2 },
      hidden: { draft: 'd1' },
    });
    expect(takeStep(plan, draft, { reason: 'good', reviewAfter: '90m' }, read)).toEqual({
      kind: 'done',
      input: { request: 'REQ-7', choice: 'approve', reason: 'good', reviewAfter: 'PT90M' },
    });
  });

  test('stays when the step is wrong', () => {
    expect(takeStep(plan, emptyDraft, { request: 'seven' }, read)).toMatchObject({
      kind: 'again',
      draft: { at: 0, values: { request: 'seven' } },
      errors: { request: '"seven" is not an approval request, such as REQ-7', choice: 'write one of approve, reject' },
    });
  });

  test('goes back without a check and without losing what was typed', () => {
    const draft = { at: 1, values: { request: '7', choice: 'approve' } };
    expect(takeStep(plan, draft, { back: 'yes', reason: 'half' }, read)).toEqual({
      kind: 'next',
      draft: { at: 0, values: { request: '7', choice: 'approve', reason: 'half' } },
    });
  });

  test('returns to an earlier step that is no longer right', () => {
    const draft = { at: 1, values: { request: '7' } };
    expect(takeStep(plan, draft, { reason: 'good' }, read)).toMatchObject({
      kind: 'again',
      draft: { at: 0 },
      errors: { choice: 'write one of approve, reject' },
    });
  });
});
