import { mentionCard } from '../alerts/mention.ts';
import { type MyRulesView, myRulesCard } from '../alerts/my-rules.ts';
import { type ReminderView, reminderCard } from '../alerts/reminder.ts';
import type { Sample } from '../gallery.ts';
import { ANN, at, HOSTILE } from './story.ts';

const HEADLINE = 'ep-fraud drifts: PSI of amount is 0.31, limit 0.20';

const rules: MyRulesView = {
  now: at('14:05'),
  rules: [
    { number: 3, words: 'at once one to one, for severity 0 to 1' },
    { number: 4, words: 'after 10 min by a mention in the thread' },
    { number: 5, words: 'after 30 min by calling whoever is on call for fraud-secondary' },
  ],
  quiet: { from: '22:00', to: '07:00', zone: 'Europe/Amsterdam', unless: 1 },
  until: 'mine',
};

const reminder: ReminderView = {
  now: at('15:05'),
  id: 'INC-142',
  severity: 1,
  headline: HEADLINE,
  since: at('14:05'),
  state: 'asked',
  until: at('15:10'),
};

/** How people answer an incident, and how they want to be called. */
export const responseSamples = (): Sample[] => [
  { name: 'alerts/my-rules', card: myRulesCard(rules) },
  { name: 'alerts/my-rules-none', card: myRulesCard({ now: rules.now, rules: [], until: 'mine' }) },
  {
    name: 'alerts/mention',
    card: mentionCard({ person: ANN, incident: 'INC-142', severity: 1, headline: HEADLINE }),
  },
  {
    name: 'alerts/mention-hostile-text',
    card: mentionCard({ person: { ...ANN, name: HOSTILE }, incident: 'INC-142', severity: 0, headline: HOSTILE }),
  },
  { name: 'alerts/reminder-asked', card: reminderCard(reminder) },
  { name: 'alerts/reminder-confirmed', card: reminderCard({ ...reminder, state: 'confirmed' }) },
  { name: 'alerts/reminder-lapsed', card: reminderCard({ ...reminder, state: 'lapsed', headline: HOSTILE }) },
  { name: 'alerts/reminder-over', card: reminderCard({ ...reminder, state: 'over' }) },
];
