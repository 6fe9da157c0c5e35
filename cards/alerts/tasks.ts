import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { fromNow } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface TasksView {
  now: Temporal.Instant;
  /** "INC-142", "you" */
  of: string;
  tasks: readonly {
    id: string;
    /** Left out: it belongs to none. */
    incident?: string;
    text: string;
    who?: string;
    due?: Temporal.Instant;
    done?: string;
  }[];
  /** What was just said about one of them. */
  note?: string;
}

const SHOWN = 10;

/** What is to be done for an incident, or by somebody. */
export function tasksCard({ now, of, tasks, note }: TasksView): Card {
  const open = tasks.filter(({ done }) => done === undefined);
  const late = open.filter(({ due }) => due && due.epochMilliseconds < now.epochMilliseconds);
  const words =
    open.length === 0
      ? `No open task for ${plain(of, 60)}`
      : `${counted(open.length, 'open task')} for ${plain(of, 60)}`;
  const [first] = open;
  return card({
    summary: note ?? words,
    state: state(
      late.length > 0
        ? { tone: 'bad', word: `${late.length} overdue`, icon: 'Clock' }
        : open.length > 0
          ? { tone: 'info', word: `${open.length} open`, icon: 'TaskListSquareLtr' }
          : { tone: 'good', word: 'all done' },
    ),
    headline: headline(words),
    soWhat: note ? soWhat(plain(note)) : undefined,
    details: [
      list(
        tasks.map(({ id, incident, text, who, due, done }) => ({
          text: `${done ? '✔' : due && due.epochMilliseconds < now.epochMilliseconds ? '▲' : '○'} **${id}** · ${plain(text, 200)}`,
          detail: [
            done ? `done by ${plain(done, 80)}` : who ? plain(who, 80) : 'nobody yet',
            !done && due ? `due ${fromNow(now, due)}` : undefined,
            incident,
          ]
            .filter(Boolean)
            .join(' · '),
          ...(incident ? { select: act({ title: `Show ${incident}`, verb: 'alerts.show', ids: { incident } }) } : {}),
        })),
        { shown: SHOWN, spacing: 'Medium' },
      ),
    ],
    actions: actions([
      first && act({ title: `Done: ${first.id}`, verb: 'alerts.done', ids: { task: first.id }, main: true }),
    ]),
    foot: foot(now, 'tasks written down in chat'),
  });
}
