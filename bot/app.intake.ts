import type { ApprovalsDeps } from '../services/approvals/index.ts';
import type { Intake, RiskClass } from '../services/intake/index.ts';
import type { Db, Tx } from '../services/store/store.ts';

type Assessed = Awaited<ReturnType<NonNullable<ApprovalsDeps['assessed']>>>;

/** The classes of intake in the words of wardroom.yaml, by which approvals ask for evidence and votes. */
const CLASSES = {
  minimal: 'minimal',
  transparency: 'limited',
  sensitive: 'limited',
  high: 'high',
  prohibited: 'high',
} as const;

/** What an approval has to know of the use case that an endpoint carries. Part of the composition root. */
export async function assessedBy(ideas: Intake, reader: Db | Tx, endpoint: string): Promise<Assessed> {
  const found = await ideas.riskOf(reader, endpoint);
  if (!found) return undefined;
  const { class: of, oversight } = found.verdict;
  const words = [
    oversight.board ? 'the review board votes' : undefined,
    oversight.humanReview ? 'a person reviews what it decides' : undefined,
    oversight.roles.length > 0 ? `${oversight.roles.join(', ')} vote` : undefined,
  ].filter((each) => each !== undefined);
  return {
    useCase: found.useCase,
    riskClass: CLASSES[of satisfies RiskClass],
    prohibited: of === 'prohibited',
    ...(words.length > 0 ? { oversight: `by ${found.useCase}: ${words.join('; ')}` } : {}),
  };
}
