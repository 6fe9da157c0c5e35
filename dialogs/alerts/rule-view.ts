import { Temporal } from 'temporal-polyfill';
import { noiseRulesCard } from '../../cards/alerts/noise-rules.ts';
import { type RuleTrialView, ruleTrialSummary } from '../../cards/alerts/rule-trial.ts';
import { MOST_REPLAYED, type NoiseRule, type Page, TRIAL_DAYS, type Tried } from '../../services/alerts/index.ts';
import type { Answer, Turn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';

export const MAY_APPLY = ['responder', 'admin'] as const;

export function trialView({ now, actor }: Pick<Turn, 'now' | 'actor'>, tried: Tried): RuleTrialView {
  const pages = (list: readonly Page[]) =>
    list.map(({ at, headline, waited }) => ({ at: Temporal.Instant.fromEpochMilliseconds(at), headline, waited }));
  return {
    now,
    rule: tried.rule.text,
    days: TRIAL_DAYS,
    before: tried.before,
    after: tried.after,
    perDay: tried.days,
    gone: pages(tried.gone),
    later: pages(tried.later),
    fresh: pages(tried.fresh),
    replayed: tried.replayed,
    cut: tried.replayed >= MOST_REPLAYED,
    mayApply: MAY_APPLY.some((role) => actor.roles.includes(role)),
  };
}

/** What applying it would mean, for whoever has to confirm it. */
export const trialWords = (turn: Pick<Turn, 'now' | 'actor'>, tried: Tried): string => {
  const view = trialView(turn, tried);
  return `${tried.rule.text}. ${ruleTrialSummary(view)}; ${view.gone.length} would have called nobody.`;
};

/** For a card: with names instead of ids. */
export const ruleViewOf = ({ people }: Rooms, rule: NoiseRule): NoiseRule => ({
  ...rule,
  by: people.nameOf(rule.by),
  ...(rule.endedBy ? { endedBy: people.nameOf(rule.endedBy) } : {}),
});

/** The answer to whoever made a rule or took one back. */
export const ruleAnswer = ({ rooms, now }: Turn, rule: NoiseRule): Answer => {
  const said = rule.endedBy ? `${rule.id} is taken back: ${rule.text}` : `${rule.id} is in force: ${rule.text}`;
  return {
    text: said,
    card: noiseRulesCard({ now, rules: [ruleViewOf(rooms, rule)], routes: [], said }),
    data: { id: rule.id, text: rule.text, ended: rule.endedBy !== undefined },
    objects: [rule.id],
    why: rule.reason,
  };
};
