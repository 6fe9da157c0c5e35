import type { Rooms } from '../rooms.ts';

type Detail = Readonly<Record<string, unknown>>;

/** How the timeline says what people and the watch over the pager did with an incident. */
export function responseWords(rooms: Rooms, action: string, detail: Detail): string | undefined {
  const input = (detail['input'] ?? {}) as Detail;
  const name = (id: unknown) => rooms.people.nameOf(String(id));
  const said = (key: string): string => String(input[key] ?? detail[key] ?? '');
  switch (action) {
    case 'alerts.snooze':
      return 'let it rest';
    case 'alerts.woken':
      return 'the rest is over';
    case 'alerts.assign':
      return `asked ${rooms.people.byId(said('person')) ? name(said('person')) : (rooms.people.byMention(said('person'))?.name ?? said('person'))} to take care of it`;
    case 'alerts.use-policy':
      return `gave it the policy ${said('policy')}`;
    case 'alerts.follow':
      return 'follows it';
    case 'alerts.unfollow':
      return 'follows it no more';
    case 'alerts.reminded':
      return `asked ${people(rooms, detail)} whether they are still at it`;
    case 'alerts.lapsed':
      return 'the acknowledgement was taken back';
    case 'alerts.reopened':
      return 'it is open again';
    case 'alerts.called':
      return `called ${people(rooms, detail)}`;
    case 'alerts.healed':
      return 'a step that was forgotten was told';
    case 'alerts.silence':
      return 'silenced its alerts';
    case 'alerts.extend-silence':
      return 'made the silence longer';
    case 'alerts.end-silence':
      return 'ended the silence';
    case 'alerts.unhushed':
      return 'it calls people again';
    case 'alerts.note':
      return `noted: ${said('text')}`;
    case 'alerts.set-severity':
      return `set the severity to SEV ${said('severity')}`;
    case 'alerts.task':
      return `wrote down a task: ${said('what')}`;
    case 'alerts.done':
      return `has done ${said('task')}`;
    case 'alerts.judged':
      return `SEV ${detail['severity']} by what its drift touches`;
    case 'alerts.merged':
      return `merged ${said('from')} into ${said('into')}`;
    case 'alerts.move-alert':
      return `moved alert ${said('alert')} of ${said('incident')} to ${said('into')}`;
    default:
      return undefined;
  }
}

const people = (rooms: Rooms, detail: Detail): string =>
  Array.isArray(detail['people'])
    ? detail['people'].map((id) => rooms.people.nameOf(String(id))).join(', ')
    : 'somebody';
