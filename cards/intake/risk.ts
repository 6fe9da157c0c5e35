import type { Temporal } from 'temporal-polyfill';
import type { RiskVerdict } from '../../services/intake/risk.rules.ts';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { joined, plain, sentence } from '../parts/text.ts';
import { date } from '../parts/time.ts';
import { caption, headline, soWhat } from '../parts/words.ts';
import { RISKS } from './words.ts';

export interface RiskView {
  now: Temporal.Instant;
  id: string;
  title: string;
  verdict: RiskVerdict;
  by: string;
  /** The reasoning of an exit under Article 6(3), as it is stored. */
  reasoning?: string;
}

/** The class, the articles it follows from, and what has to be there before it serves. */
export function riskCard({ now, id, title, verdict, by, reasoning }: RiskView): Card {
  const look = RISKS[verdict.class];
  const { oversight } = verdict;
  const asked = verdict.duties ?? [];
  const duties = [
    ...oversight.evidence.map((item) => `evidence: ${item.replaceAll('-', ' ')}`),
    ...(oversight.board ? ['a vote of the review board'] : []),
    ...(oversight.humanReview ? ['a person reviews what it decides'] : []),
    ...(oversight.fundamentalRights ? ['a fundamental-rights impact assessment before first use (Article 27)'] : []),
    ...(oversight.dataProtection ? ['a data protection impact assessment (GDPR Article 35)'] : []),
  ];
  return card({
    summary: `${id}: ${look.word}`,
    state: state({ tone: look.tone, word: look.word, icon: 'ShieldTask', id }),
    headline: headline(`${plain(title)} is classed as ${look.word}.`),
    soWhat:
      verdict.class === 'prohibited'
        ? soWhat('It must not be built or used. Change what it does, or withdraw it.')
        : verdict.appliesFrom
          ? soWhat(`These duties apply from ${date(verdict.appliesFrom)}; approvals ask for them from now on.`)
          : undefined,
    facts: facts([
      ['Classified by', named(by)],
      ['Votes needed from', joined(oversight.roles) || undefined],
      ['Reading of the Act', date(verdict.asOf)],
    ]),
    details: [
      caption('Why'),
      list(
        verdict.reasons.map(({ article, words, from, source }) => ({
          text: `${plain(article, 80)}: ${plain(words)}${from ? ` (from ${plain(from, 10)})` : ''}`,
          ...(source ? { detail: plain(source, 200) } : {}),
        })),
      ),
      reasoning ? caption('Reasoning for Article 6(3)') : undefined,
      reasoning ? list([{ text: plain(reasoning, 500) }]) : undefined,
      caption('Before it serves'),
      list(
        duties.map((duty) => ({ text: sentence(plain(duty)) })),
        { shown: 8 },
      ),
      asked.length > 0 && caption('What the Act asks of a high-risk system'),
      list(
        asked.map(({ article, words }) => ({ text: `${plain(article, 80)}: ${plain(words)}` })),
        { shown: 10 },
      ),
    ],
    actions: actions([
      act({ title: 'Answer again', verb: 'intake.classify', ids: { useCase: id } }),
      act({ title: `Show ${id}`, verb: 'intake.show', ids: { useCase: id } }),
    ]),
    foot: foot(now, 'EU AI Act (2024/1689, 2026/1744); a help to ask the right people, no legal advice'),
  });
}
