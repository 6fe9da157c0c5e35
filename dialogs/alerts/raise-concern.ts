import { z } from 'zod/v4';
import { concernThanksCard } from '../../cards/alerts/concern.ts';
import { Refused } from '../../services/core/errors.ts';
import { freeText } from '../arguments.ts';
import { capability, type Turn } from '../capability.ts';

export const concernInput = z.object({
  /** The model or endpoint; "name: what is wrong" says both at once. */
  about: freeText(2200),
  text: freeText(2000).optional(),
});

function split({ about, text }: z.output<typeof concernInput>): { about: string; text: string } {
  const [, name = about, behind] = /^([^:]{1,120}):\s*(.+)$/s.exec(about) ?? [];
  const words = text ?? behind;
  if (!words || name.length > 120)
    throw new Refused(
      'I still need what you are concerned about.',
      'For example: raise concern about fraud-detector: it declines cards of older people more often',
    );
  return text === undefined ? { about: name.trim(), text: words.trim() } : { about: about.trim(), text };
}

/** Raises it and thanks; shared by both ways of raising one. */
export async function raised(turn: Turn, input: z.output<typeof concernInput>, by: string | undefined) {
  const { about, text } = split(input);
  const { rooms, tx, now } = turn;
  const { id, people } = await rooms.concerns.raise(tx, { about, text, by });
  const heardBy = people.map((person) => rooms.people.nameOf(person));
  const anonymous = by === undefined;
  return {
    text: `${id} is raised; ${heardBy.join(' and ')} will hear it.`,
    card: concernThanksCard({ now, id, about, heardBy, anonymous }),
    data: { concern: id },
    objects: [id],
  };
}

export const raiseConcern = capability({
  id: 'alerts.raise-concern',
  summary: 'Raise an ethical concern about a model or an endpoint, under your name',
  phrases: ['raise concern about {about}', 'raise concern about {about} because {text}'],
  examples: [
    'raise concern about fraud-detector: it declines cards of older people more often',
    'raise concern about ep-credit because nobody can explain its refusals',
  ],
  input: concernInput,
  // Everybody: who sees a wrong may say so.
  roles: ['viewer'],
  effect: 'write',
  run: (turn, input) => raised(turn, input, turn.actor.id),
});
