import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { ruleTrialCard, ruleTrialSummary } from '../../cards/alerts/rule-trial.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { said } from '../times.ts';
import { trialView } from './rule-view.ts';

export const tryRule = capability({
  id: 'alerts.try-rule',
  summary: 'Try a rule about noise on the last 30 days: how often people would have been called. Changes nothing',
  phrases: ['try rule {rule}', 'what if {rule}'],
  examples: [
    'try rule kind=latency fires for 10 min',
    'what if rule=NodeFlap more than 3 in 15 min',
    'try rule endpoint=ep-demand, kind=drift calls nobody',
  ],
  input: z.object({ rule: freeText(400) }),
  roles: ['viewer'],
  effect: 'read',
  run: async (turn, { rule }) => {
    const tried = await turn.rooms.alerts.noiseRules.tryOut(turn.rooms.db, rule);
    const view = trialView(turn, tried);
    const gone = tried.gone
      .slice(0, 20)
      .map(({ at, headline }) => `  ${said(Temporal.Instant.fromEpochMilliseconds(at), turn.actor.zone)}  ${headline}`);
    return {
      text: [`${ruleTrialSummary(view)}: ${view.rule}.`, ...gone].join('\n'),
      card: ruleTrialCard(view),
      data: {
        rule: view.rule,
        before: view.before,
        after: view.after,
        perDay: view.perDay,
        gone: view.gone.length,
        later: view.later.length,
        fresh: view.fresh.length,
        replayed: view.replayed,
      },
    };
  },
});
