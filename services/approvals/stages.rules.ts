import type { ApprovalPolicy } from '../core/organisation.ts';
import type { Member } from './votes.rules.ts';

/** A stage of a staged vote that is over. */
export interface PastStage {
  policy: ApprovalPolicy;
  eligible: readonly Member[];
  /** ISO 8601. */
  openedAt: string;
  closedAt: string;
  reason: string;
  excluded?: readonly { person: string; why: string }[];
  tally: { approvals: number; rejections: number; abstentions: number; eligible: number };
}

/** The number under which the votes of an earlier stage are stored. */
export const numberOf = ({ stage, past }: { stage: number; past: readonly object[] }, at: number): number =>
  stage - past.length + at;

export const stagesLeft = (stored: readonly object[]): readonly ApprovalPolicy[] => stored as readonly ApprovalPolicy[];
export const stagesOver = (stored: readonly object[]): readonly PastStage[] => stored as readonly PastStage[];
