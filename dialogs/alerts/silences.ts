import { silencesCard } from '../../cards/alerts/silences.ts';
import { Refused } from '../../services/core/errors.ts';
import { capability } from '../capability.ts';
import { said } from '../times.ts';
import { silenceAnswer } from './silence-view.ts';
import { silenceInput } from './silence-words.ts';

const MOST = 60;

export const silences = capability({
  id: 'alerts.silences',
  summary: 'List what keeps quiet now, what will and what did; or show one with the alerts that it holds back',
  phrases: ['silences', 'list silences', 'show {silence}', 'show silence {silence}', 'show maintenance {maintenance}'],
  examples: ['silences', 'show SIL-3'],
  input: silenceInput,
  roles: ['viewer'],
  effect: 'read',
  run: async (turn, { silence, maintenance }) => {
    const { rooms, now } = turn;
    const id = silence ?? maintenance;
    if (id) {
      const found = await rooms.alerts.silences.find(rooms.db, id);
      if (!found) throw new Refused(`There is no ${id}.`, 'Say “silences” for the list.', 'unknown-silence');
      return silenceAnswer(turn, found, true);
    }
    const { silences: all, total } = await rooms.alerts.silences.list(rooms.db, MOST);
    const views = all.map((each) => ({ ...each, by: rooms.people.nameOf(each.by) }));
    const lines = views.map(
      (each) =>
        `${each.id}  ${each.state}  ${each.what}  until ${said(each.until, turn.actor.zone)}  holds back ${each.holds}  ${each.by}: ${each.reason}`,
    );
    return {
      text: lines.join('\n') || 'Nothing is silenced, and nothing was.',
      card: silencesCard({ now, silences: views, total }),
      data: all.map(({ from, until, matchers: _matchers, ...rest }) => ({
        ...rest,
        from: from.toString(),
        until: until.toString(),
      })),
    };
  },
});
