import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { overviewCard } from '../../cards/governance/overview.ts';
import { capability, type Turn } from '../capability.ts';

/** Looked through for votes that are missing; a list has filters of its own. */
const MOST = 100;

export const overview = capability({
  id: 'governance.overview',
  summary: 'Say how things stand: what is wrong now, and what waits for you',
  phrases: [
    'status',
    'overview',
    'how are things',
    'how is it going',
    'what is wrong',
    "what's wrong",
    'what is broken',
    "what's broken",
    'what is going on',
    "what's going on",
    "what's up",
    'is everything ok',
    'is anything wrong',
    'is anything broken',
    'what do i have to do',
    'what needs me',
    'what waits for me',
    'anything for me',
    'my work',
  ],
  examples: ['status', 'what is broken', 'what waits for me'],
  input: z.object({}),
  roles: ['viewer'],
  effect: 'read',
  run: async (turn) => {
    const { rooms, now, actor } = turn;
    const [{ rows, total }, votes, tasks] = await Promise.all([
      rooms.alerts.search(rooms.db, { state: 'open', most: MOST }),
      votesOf(turn),
      rooms.alerts.tasks.open(rooms.db, { person: actor.id }),
    ]);
    const incidents = rows.map((row) => ({
      id: row.id,
      severity: row.severity,
      title: row.title,
      since: Temporal.Instant.from(row.opened_at),
      ...(row.acknowledged_by ? { with: rooms.people.nameOf(row.acknowledged_by) } : {}),
    }));
    const view = { now, incidents, total, votes, tasks: tasks.length };
    const lines = [
      ...incidents.map(({ id, severity, title }) => `${id}  SEV ${severity}  ${title}`),
      ...votes.map(({ id, title }) => `${id}  waits for your vote  ${title}`),
    ];
    return {
      text: lines.join('\n') || 'No incident is open, and nothing waits for you.',
      card: overviewCard(view),
      data: view,
    };
  },
});

/** Requests on which this person's vote is missing. */
async function votesOf({ rooms, actor }: Turn): Promise<{ id: string; title: string }[]> {
  const rows = await rooms.approvals.ofPerson(rooms.db, actor.id, MOST);
  const open = rows.filter(({ state }) => state === 'voting');
  const standing = await Promise.all(
    open.map(async (row) => ({ row, ...(await rooms.approvals.standing(rooms.db, row)) })),
  );
  return standing
    .filter(({ decision }) => decision.state === 'open' && decision.tally.outstanding.includes(actor.id))
    .map(({ row: { id, title } }) => ({ id, title }));
}
