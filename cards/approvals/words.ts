import { clean, counted, joined } from '../parts/text.ts';
import type { Tone } from '../parts/tone.ts';

/** How the approval cards say things. */
export type RequestState = 'open' | 'approved' | 'rejected' | 'expired' | 'withdrawn' | 'executing' | 'done' | 'failed';

interface Look {
  word: string;
  tone: Tone;
  icon: string;
}

const LOOKS: Readonly<Record<RequestState, Look>> = {
  open: { word: 'open', tone: 'info', icon: 'Vote' },
  approved: { word: 'approved', tone: 'good', icon: 'CheckmarkCircle' },
  rejected: { word: 'rejected', tone: 'bad', icon: 'DismissCircle' },
  expired: { word: 'expired', tone: 'quiet', icon: 'Clock' },
  withdrawn: { word: 'withdrawn', tone: 'quiet', icon: 'ArrowUndo' },
  executing: { word: 'approved · being carried out', tone: 'info', icon: 'ArrowSync' },
  done: { word: 'done', tone: 'good', icon: 'CheckmarkCircle' },
  failed: { word: 'failed', tone: 'bad', icon: 'ErrorCircle' },
};

export const lookOf = (state: RequestState): Look => LOOKS[state];

/** What the policy still asks for. */
export interface Missing {
  approvals: number;
  /** Roles of which nobody has voted yet. */
  roles: readonly string[];
}

/** "needs 1 more approval, and a vote from risk"; "has every vote it needs" when nothing is missing. */
export function missingWords({ approvals, roles }: Missing): string {
  const votes = approvals > 0 ? counted(approvals, 'more approval') : undefined;
  const from = roles.length > 0 ? `a vote from ${joined(roles.map((role) => clean(role, 40)))}` : undefined;
  if (votes && from) return `needs ${votes}, and ${from}`;
  return votes || from ? `needs ${votes ?? from}` : 'has every vote it needs';
}

export const CHOICES = { approve: 'approved', reject: 'rejected', abstain: 'abstained' } as const;
export type Choice = keyof typeof CHOICES;

export const CHOICE_MARKS: Readonly<Record<Choice, string>> = { approve: '✔', reject: '✖', abstain: '○' };
