import { Temporal } from 'temporal-polyfill';
import { money } from '../../cards/parts/numbers.ts';
import { countedIn } from '../../cards/parts/text.ts';
import { between } from '../../cards/parts/time.ts';
import { type IncidentRow, taskName } from '../../services/alerts/index.ts';
import type { Rooms } from '../rooms.ts';
import { said as localTime } from '../times.ts';
import { taskWords } from './task-words.ts';
import { momentsOf } from './timeline.ts';
import { incidentView } from './view.ts';

export interface Report {
  title: string;
  /** What happened, in sentences. */
  story: readonly string[];
  impact: readonly string[];
  people: readonly string[];
  actions: readonly { text: string; done: boolean }[];
  /** What somebody has to answer before it is more than a draft. */
  questions: readonly string[];
  markdown: string;
}

/** Markdown of somebody else's words: one line, and nothing in it acts. */
const said = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]<>#|]/g, '\\$&')
    .trim();

const QUESTIONS = [
  'What was the cause, and how do we know?',
  'What went well, and where were we lucky?',
  'How could we have noticed earlier?',
  'What will be done so that it does not come again? (“task INC-…: …” writes it down)',
];

/** A draft of what is written after an incident: from the record alone, with the questions that only people can answer. */
export async function report(rooms: Rooms, row: IncidentRow, now: Temporal.Instant): Promise<Report> {
  const [view, { entries, moments }, tasks] = await Promise.all([
    incidentView(rooms, row, now),
    momentsOf(rooms, row.id),
    rooms.alerts.tasks.all(rooms.db, row.id),
  ]);
  const since = Temporal.Instant.from(row.opened_at);
  const end = row.resolved_at ? Temporal.Instant.from(row.resolved_at) : undefined;
  const ack = row.first_acknowledged_at ? Temporal.Instant.from(row.first_acknowledged_at) : undefined;
  const zone = rooms.organisation.zone;
  const local = (at: Temporal.Instant) =>
    at.toZonedDateTimeISO(zone).toString({ smallestUnit: 'minute', timeZoneName: 'never' });
  const first = entries.find(({ action }) => action === 'alerts.opened')?.detail['severity'] ?? row.severity;
  const title = `${row.id}: ${row.title}`;
  const story = [
    `It began on ${localTime(since, zone)} (${zone}) as SEV ${first}${first === row.severity ? '' : `; it was SEV ${row.severity} in the end`}.`,
    ack ? `It was acknowledged after ${between(since, ack)}.` : 'Nobody acknowledged it.',
    end ? `It was over after ${between(since, end)}: ${row.why}` : `It is still open, ${between(since, now)} so far.`,
    ...(view.changed ?? []).slice(0, 3).map(({ what, at }) => `Before it: ${what}, ${between(at, since)} earlier.`),
  ];
  const { business } = view;
  const impact = business
    ? [
        business.purpose,
        ...(business.moneyPerHour
          ? [`${money(business.moneyPerHour)} an hour was at risk for ${between(since, end ?? now)}.`]
          : []),
        ...(business.unitsSince
          ? [`${countedIn(business.unitsSince, business.unit ?? 'requests')} passed meanwhile.`]
          : []),
      ]
    : ['The business impact is not known: no context is set for what it is about.'];
  const acted = new Map<string, string[]>();
  for (const { who, what } of moments) if (who) acted.set(who, [...(acted.get(who) ?? []), what]);
  const called = [...new Set(row.escalation.told.map(({ person }) => rooms.people.nameOf(person)))];
  const people = [
    ...(called.length > 0 ? [`Called: ${called.join(', ')}`] : []),
    ...[...acted].map(([name, did]) => `${name}: ${[...new Set(did)].slice(0, 6).join('; ')}`),
  ];
  const actions = tasks.map((task) => ({
    text: `${taskName(task.id)}: ${taskWords(rooms, task)}`,
    done: task.done_at !== null,
  }));
  const list = (lines: readonly string[]) => lines.map((line) => `- ${said(line)}`);
  const markdown = [
    `# ${said(title)}`,
    '',
    `*Draft from Wardroom’s record, ${local(now)} (${zone}). Entries ${entries[0]?.seq ?? '–'} to ${entries.at(-1)?.seq ?? '–'} of the audit log.*`,
    '',
    '## What happened',
    ...list(story),
    '',
    '## Impact',
    ...list(impact),
    '',
    '## Timeline',
    `| When (${zone}) | Who | What |`,
    '| --- | --- | --- |',
    ...moments.map(
      ({ at, who, what, why }) =>
        `| ${local(at)} | ${said(who ?? 'Wardroom')} | ${said(why ? `${what} (${why})` : what)} |`,
    ),
    '',
    '## People',
    ...list(people.length > 0 ? people : ['Nobody was called, and nobody acted.']),
    '',
    '## Actions',
    ...(actions.length > 0
      ? actions.map(({ text, done }) => `- [${done ? 'x' : ' '}] ${said(text)}`)
      : ['- [ ] No task was written down.']),
    '',
    '## To be answered by people',
    ...QUESTIONS.map((question) => `- ${question.replace('INC-…', row.id)}`),
    '',
  ].join('\n');
  return { title, story, impact, people, actions, questions: QUESTIONS, markdown };
}
