import type { Temporal } from 'temporal-polyfill';
import type { Section } from '../../services/intake/questions.ts';
import type { Axis, RiskClass } from '../../services/intake/score.rules.ts';
import type { Card, Element } from '../card.ts';
import { spell } from '../cost/words.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { bars } from '../parts/charts.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { type Amount, money, number } from '../parts/numbers.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { counted, joined, plain } from '../parts/text.ts';
import { caption, headline, line, soWhat } from '../parts/words.ts';
import { AXIS_WORDS, RISKS, SECTION_TITLES, STATES, type UseCaseState } from './words.ts';

export interface UseCaseView {
  now: Temporal.Instant;
  id: string;
  title: string;
  state: UseCaseState;
  problem?: string;
  owner?: string;
  department?: string;
  benefit?: { low: Amount; likely: Amount; high: Amount };
  effort?: number;
  gate?: { why: string; next: string };
  score?: number;
  range?: { low: number; high: number };
  /** While something is unknown. */
  between?: { low: number; high: number };
  parts: readonly { axis: Axis; points: number; most: number }[];
  risk?: { class: RiskClass; by: string };
  /** Mandatory answers that are missing. */
  missing: readonly { section: Section; labels: readonly string[]; asked?: string; days?: number }[];
  signoff: readonly { stakeholder: string; state: string; who?: string; reason?: string }[];
  pilot?: { verdict: string; because: string };
  links: readonly { kind: string; target: string; detail?: string }[];
  incidents: readonly { id: string; title: string }[];
  /** Incidents of what carries it that are over. */
  incidentsOver?: number;
  /** What carries it costs, for readers who may see it. */
  cost?: { month: readonly Amount[]; total: readonly Amount[]; since: string; asOf?: Temporal.Instant };
  concerns: readonly { id: string; state: string }[];
  /** Requests for approval about what carries it, the newest first. */
  decisions: readonly { id: string; title: string; state: string }[];
  /** Who is called, when people set it. */
  paths?: { performance?: string; ethics?: string };
  /** Its risk was classified by a reading of the Act that is not the one that counts now. */
  riskOutdated?: boolean;
  /** What the reader may sign for. */
  maySign?: boolean;
}

/** The whole life of a use case. */
export function useCaseCard(view: UseCaseView): Card {
  const { id, title, score, between, gate } = view;
  const look = STATES[view.state];
  const points = score === undefined ? undefined : number(score, { digits: 1 });
  const words = gate
    ? `${title} is not ranked: ${gate.why}`
    : points
      ? `${title} scores ${points} of 100.`
      : `${title} scores between ${number(between?.low, { digits: 0 })} and ${number(between?.high, { digits: 0 })}, until its answers are complete.`;
  const over = view.state === 'withdrawn' || view.state === 'stopped';
  const [first] = view.missing;
  return card({
    summary: `${id}: ${words}`,
    state: state({
      tone: gate ? 'warning' : look.tone,
      word: gate ? `${look.word} · held` : look.word,
      icon: look.icon,
      id,
    }),
    headline: headline(plain(words, 300)),
    soWhat: gate ? soWhat(plain(gate.next)) : view.problem ? soWhat(plain(view.problem, 400)) : undefined,
    picture:
      view.parts.length > 0
        ? bars({
            caption: 'Points before confidence and risk, by axis',
            xTitle: 'Points',
            yTitle: 'Axis',
            bars: view.parts.map(({ axis, points: got, most }) => ({
              label: `${AXIS_WORDS[axis]} (of ${number(most, { digits: 0 })})`,
              value: Math.round(got * 10) / 10,
            })),
          })
        : undefined,
    facts: facts([
      [
        'Owner',
        view.owner ? `${named(view.owner)}${view.department ? `, ${plain(view.department, 80)}` : ''}` : 'nobody yet',
      ],
      [
        'Benefit a year',
        view.benefit
          ? `${money(view.benefit.likely)} (${money(view.benefit.low)} to ${money(view.benefit.high)})`
          : undefined,
      ],
      [
        'Range of the score',
        view.range
          ? `${number(view.range.low, { digits: 1 })} to ${number(view.range.high, { digits: 1 })}`
          : undefined,
      ],
      [
        'Risk',
        view.risk
          ? `${RISKS[view.risk.class].word} (by ${named(view.risk.by)})${view.riskOutdated ? '; there is a newer reading of the Act: classify it again' : ''}`
          : 'not classified yet',
      ],
      ['Effort', view.effort === undefined ? undefined : counted(view.effort, 'person-month')],
      [
        'Carries',
        joined(view.links.map(({ target, detail }) => plain(detail ? `${target} (${detail})` : target, 100))) ||
          undefined,
      ],
    ]),
    details: [
      view.missing.length > 0 && caption('Missing answers'),
      list(
        view.missing.map(({ section, labels, asked, days }) => ({
          text: `${SECTION_TITLES[section]}: ${plain(joined(labels), 200)}`,
          ...(asked
            ? { detail: `asked ${named(asked)}${days === undefined ? '' : ` ${counted(Math.floor(days), 'day')} ago`}` }
            : {}),
          select: act({ title: `Answer ${section}`, verb: 'intake.answer', ids: { useCase: id, section } }),
        })),
      ),
      caption('Sign-off'),
      list(
        view.signoff.map(({ stakeholder, state: stands, who, reason }) => ({
          text: `${stands === 'signed' ? '✔' : stands === 'objected' ? '▲' : '○'} ${plain(stakeholder, 40)}: ${stands}${who ? ` (${named(who)})` : ''}`,
          ...(reason ? { detail: plain(reason, 200) } : {}),
        })),
      ),
      ...life(view),
      view.pilot && line(`Pilot: ${plain(view.pilot.verdict, 40)}. ${plain(view.pilot.because, 240)}`),
      (view.incidents.length > 0 || (view.incidentsOver ?? 0) > 0) &&
        caption(
          `Incidents of what carries it: ${view.incidents.length} open${view.incidentsOver ? `, ${counted(view.incidentsOver, 'is', 'are')} over` : ''}`,
        ),
      list(
        view.incidents.map((incident) => ({
          text: `**${incident.id}** · ${plain(incident.title, 120)}`,
          select: act({ title: `Show ${incident.id}`, verb: 'alerts.show', ids: { incident: incident.id } }),
        })),
      ),
    ],
    actions: over
      ? undefined
      : actions(
          [
            first &&
              act({
                title: `Answer: ${SECTION_TITLES[first.section].toLowerCase()}`,
                verb: 'intake.answer',
                ids: { useCase: id, section: first.section },
                main: true,
              }),
            view.maySign && !first && act({ title: 'Sign off', verb: 'intake.sign', ids: { useCase: id }, main: true }),
          ],
          [
            act({ title: 'Explain the score', verb: 'intake.score', ids: { useCase: id } }),
            act({ title: 'Classify the risk', verb: 'intake.classify', ids: { useCase: id } }),
            act({ title: 'Business case', verb: 'intake.weigh', ids: { useCase: id } }),
            act({ title: 'Pilot', verb: 'intake.pilot', ids: { useCase: id } }),
          ],
        ),
    foot: foot(view.now, 'what people answered'),
    wide: true,
  });
}

/** What it costs, who is called, what was decided and who is concerned: as far as there is something to tell. */
function life({ cost, paths, concerns, decisions, id }: UseCaseView): (Element | false | undefined)[] {
  const sums = (amounts: readonly Amount[]) => amounts.map((each) => money(each)).join(' and ') || 'nothing';
  return [
    cost &&
      line(`What carries it costs ${sums(cost.month)} this month, ${sums(cost.total)} since ${spell(cost.since)}.`),
    paths && caption('Who is called'),
    paths &&
      list([
        {
          text: [
            paths.performance ? `When it degrades: ${plain(paths.performance, 160)}` : undefined,
            paths.ethics ? `Concerns: ${plain(paths.ethics, 160)}` : undefined,
          ]
            .filter(Boolean)
            .join(' · '),
          select: act({ title: 'Escalation', verb: 'intake.paths', ids: { useCase: id } }),
        },
      ]),
    decisions.length > 0 && caption('Decisions about what carries it'),
    list(
      decisions.map((each) => ({
        text: `**${each.id}** · ${plain(each.title, 120)}`,
        detail: plain(each.state, 60),
        select: act({ title: `Show ${each.id}`, verb: 'approvals.show', ids: { request: each.id } }),
      })),
      { shown: 3 },
    ),
    concerns.length > 0 &&
      line(`Concerns: ${joined(concerns.map((each) => `${each.id} (${each.state})`))}. Say “concerns”.`),
  ];
}

export const useCaseSummary = (view: UseCaseView): string => `${view.id} ${view.title}`;
