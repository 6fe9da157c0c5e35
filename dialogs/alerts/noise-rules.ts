import { noiseRulesCard } from '../../cards/alerts/noise-rules.ts';
import { routesInWords } from '../../services/alerts/index.ts';
import { capability, nothing } from '../capability.ts';
import { ruleViewOf } from './rule-view.ts';

const MOST = 50;

export const noiseRules = capability({
  id: 'alerts.noise-rules',
  summary: 'List the rules about noise: the routes of wardroom.yaml, and those made in chat',
  phrases: ['noise rules', 'list noise rules', 'routes'],
  examples: ['noise rules'],
  input: nothing,
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }) => {
    const rules = await rooms.alerts.noiseRules.list(rooms.db, MOST);
    const routes = routesInWords(rooms.organisation.routes);
    const lines = [
      ...rules.map(
        ({ id, text, endedBy, holds }) => `${id}  ${endedBy ? 'taken back' : `holds back ${holds}`}  ${text}`,
      ),
      ...routes.map(({ id, words }) => `route ${id}  ${words}`),
    ];
    return {
      text: lines.join('\n') || 'No route is in wardroom.yaml, and no rule was made in chat.',
      card: noiseRulesCard({ now, rules: rules.map((rule) => ruleViewOf(rooms, rule)), routes }),
      data: { rules: rules.map(({ at, endedAt, ...rest }) => ({ ...rest, at: at.toString() })), routes },
    };
  },
});
