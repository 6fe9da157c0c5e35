import { z } from 'zod/v4';
import { SECTION_WORDS, SECTIONS, type Section } from '../../services/intake/index.ts';
import { oneOf, personRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { useCaseId } from './arguments.ts';
import { shownUseCase } from './shown.ts';

export const ask = capability({
  id: 'intake.ask',
  summary: 'Ask somebody who knows for a group of answers of a use case',
  phrases: [
    ...['for', 'for the', 'about', 'about the'].map((word) => `ask {person} ${word} {section} of {useCase}`),
    // In the words of whoever was asked and knows somebody better.
    'pass {section} of {useCase} to {person}',
    'pass the {section} of {useCase} to {person}',
  ],
  examples: ['ask Ben for the data of UC-104'],
  input: z.object({
    person: personRef,
    section: oneOf(SECTIONS as unknown as [string, ...string[]]),
    useCase: useCaseId,
  }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { person, section, useCase }) => {
    const { rooms, tx, actor } = turn;
    const { passedFrom } = await rooms.intake.delegations.ask(tx, useCase, section as Section, person, actor.id);
    const words = SECTION_WORDS[section as Section];
    const from = passedFrom ? ` instead of ${rooms.people.nameOf(passedFrom)}` : '';
    return shownUseCase(
      turn,
      useCase,
      `${rooms.people.nameOf(person)} is asked for ${words} of ${useCase}${from}, and reminded until it is answered.`,
    );
  },
});
