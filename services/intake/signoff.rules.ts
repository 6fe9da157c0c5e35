/** Sign-off by stakeholders of four kinds. A signature counts for the answers it was given for; an objection blocks. */
export const STAKEHOLDERS = ['business', 'data science', 'risk', 'IT'] as const;
export type Stakeholder = (typeof STAKEHOLDERS)[number];
/** The roles of wardroom.yaml that may sign for each; the business owner signs for the business whatever their roles. */
export const SIGNING_ROLES: Readonly<Record<Stakeholder, readonly string[]>> = {
  business: ['domain'],
  'data science': ['engineering'],
  risk: ['risk'],
  IT: ['admin'],
};

export interface Signature {
  id: number;
  stakeholder: Stakeholder;
  person: string;
  verdict: 'signed' | 'objected';
  reason?: string;
  /** Revision of the answers that was signed. */
  revision: number;
  at: string;
  /** An objection was answered: by whom, how; the objector then signs or objects again. */
  answer?: { person: string; text: string; at: string };
}

export interface StakeholderState {
  stakeholder: Stakeholder;
  state: 'signed' | 'objected' | 'answered' | 'waiting' | 'outdated';
  /** The last word of this kind of stakeholder. */
  last: Signature | undefined;
}

export interface SignoffState {
  each: readonly StakeholderState[];
  complete: boolean;
  /** Whom everything waits for, in words: "risk (not signed)". */
  holding: readonly { stakeholder: Stakeholder; why: string; since: string }[];
}

/**
 * Where the sign-off stands at this revision of the answers. The last word of each kind of stakeholder counts; a signature
 * for other answers is out of date, an objection stays until it is answered and then waits for its objector.
 */
export function signoff(signatures: readonly Signature[], revision: number, askedAt: string): SignoffState {
  const each = STAKEHOLDERS.map((stakeholder): StakeholderState => {
    const last = signatures.filter((one) => one.stakeholder === stakeholder).at(-1);
    if (!last) return { stakeholder, state: 'waiting', last };
    if (last.verdict === 'objected') return { stakeholder, state: last.answer ? 'answered' : 'objected', last };
    return { stakeholder, state: last.revision === revision ? 'signed' : 'outdated', last };
  });
  const WHY = {
    waiting: 'has not signed',
    objected: 'objects, and nobody has answered',
    answered: 'objected, was answered, and has not said whether that is enough',
    outdated: 'signed other answers than these',
  } as const;
  const holding = each.flatMap(({ stakeholder, state, last }) =>
    state === 'signed' ? [] : [{ stakeholder, why: WHY[state], since: last?.answer?.at ?? last?.at ?? askedAt }],
  );
  return { each, complete: holding.length === 0, holding };
}

/** For which kinds of stakeholder this person may speak. */
export function speaksFor(person: { id: string; roles: readonly string[] }, owner: string | undefined): Stakeholder[] {
  return STAKEHOLDERS.filter(
    (stakeholder) =>
      (stakeholder === 'business' && person.id === owner) ||
      SIGNING_ROLES[stakeholder].some((role) => person.roles.includes(role)),
  );
}
