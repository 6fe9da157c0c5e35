import { type MyRulesView, myRulesCard } from '../../cards/alerts/my-rules.ts';
import { lasting } from '../../cards/parts/time.ts';
import type { OwnRules } from '../../services/alerts/index.ts';
import type { Answer, Turn } from '../capability.ts';

const HOW = { direct: 'one to one', channel: 'by a mention in the thread', schedule: 'by calling' } as const;

/** "at once, one to one, for severity 0 to 2" */
function wordsOf({ after, how, schedule, worst, mildest }: OwnRules['rules'][number]): string {
  const when = after === 0 ? 'at once' : `after ${lasting(after * 60_000)}`;
  const where = how === 'schedule' ? `${HOW.schedule} whoever is on call for ${schedule}` : HOW[how];
  const what =
    worst === 0 && mildest === 4 ? '' : `, for severity ${worst === mildest ? worst : `${worst} to ${mildest}`}`;
  return `${when} ${where}${what}`;
}

/** A person's own rules as they are now. */
export function rulesAnswer({ now, actor }: Turn, { rules, quiet }: OwnRules, first = ''): Answer {
  const view: MyRulesView = {
    now,
    rules: rules.map((rule) => ({ number: rule.number, words: wordsOf(rule) })),
    until: quiet.until,
    ...(quiet.hours
      ? { quiet: { ...quiet.hours, zone: actor.zone, ...((quiet.unless ?? -1) < 0 ? {} : { unless: quiet.unless }) } }
      : {}),
  };
  const lines = view.rules.map(({ number, words }) => `${number}. ${words}`);
  const silence = view.quiet ? [`Quiet from ${view.quiet.from} to ${view.quiet.to} (${actor.zone}).`] : [];
  const none = 'You have no rules of your own: the channel first, then one to one.';
  return {
    text: [first, ...(lines.length > 0 ? lines : [none]), ...silence].filter(Boolean).join('\n'),
    card: myRulesCard(view),
    data: { rules, quiet },
  };
}
