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
  tally: { approvals: number; rejections: number; abstentions: number; eligible: number };
}

export const stagesLeft = (stored: readonly object[]): readonly ApprovalPolicy[] => stored as readonly ApprovalPolicy[];
export const stagesOver = (stored: readonly object[]): readonly PastStage[] => stored as readonly PastStage[];
