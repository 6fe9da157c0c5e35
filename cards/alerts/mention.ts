import type { Card, Mention } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { mentionText } from '../parts/person.ts';
import { clean, plain } from '../parts/text.ts';
import { line } from '../parts/words.ts';
import { type Severity, severityWord } from './words.ts';

export interface MentionView {
  person: Mention;
  incident: string;
  severity: Severity;
  headline: string;
}

/** Calls one person in the thread of an incident: they chose to be called there. */
export const mentionCard = ({ person, incident, severity, headline }: MentionView): Card =>
  card({
    summary: `${clean(person.name, 60)}: ${severityWord(severity)} ${incident} waits for you`,
    headline: line(
      `${mentionText(person)} ${severityWord(severity)} ${incident} waits for you: ${plain(headline, 160)}`,
    ),
    actions: actions([
      act({ title: 'Acknowledge', verb: 'alerts.acknowledge', ids: { incident }, main: true }),
      act({ title: 'Show the incident', verb: 'alerts.show', ids: { incident } }),
    ]),
    mentions: [person],
  });
