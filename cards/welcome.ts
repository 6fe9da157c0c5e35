import type { Card } from './card.ts';
import { act, actions } from './parts/actions.ts';
import { card } from './parts/card.ts';
import { list } from './parts/list.ts';
import { named } from './parts/person.ts';
import { plain } from './parts/text.ts';
import { headline, soWhat } from './parts/words.ts';

export interface WelcomeView {
  /** One person, or everybody in a channel or group chat. */
  to: { kind: 'person'; name: string } | { kind: 'place'; name: string };
  /** Three things to try, with what they give; only what this person may run. */
  examples: readonly { say: string; gives: string }[];
}

/** The first words: what it is for and how to begin. */
export function welcomeCard({ to, examples }: WelcomeView): Card {
  const person = to.kind === 'person';
  return card({
    summary: 'Wardroom is here: incidents, approvals and the state of your models',
    headline: headline(
      person ? `Hello ${named(to.name)}, this is Wardroom` : `Wardroom is ready in ${plain(to.name, 80)}`,
    ),
    soWhat: soWhat(
      person
        ? 'I watch your models on Azure, call you when you are on call, and remember who decided what, when and why.'
        : 'Incidents of the models you own appear here, and so do the approvals they need. Mention me to ask.',
    ),
    details: [list(examples.map(({ say, gives }) => ({ text: `**${plain(say, 120)}**`, detail: plain(gives, 160) })))],
    actions: actions([
      act({ title: 'Open incidents', verb: 'alerts.list' }),
      act({ title: 'What I can ask', verb: 'governance.help' }),
    ]),
  });
}
