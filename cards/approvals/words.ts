import type { RequestState as StoredState } from '../../services/store/tables/approvals.ts';
import type { StateLook } from '../parts/state.ts';
import { clean, sentence } from '../parts/text.ts';

/** How the approval cards say things. */
export type RequestState = Exclude<StoredState, 'voting'> | 'open';

const LOOKS: Readonly<Record<RequestState, StateLook>> = {
  draft: { word: 'draft', tone: 'quiet', icon: 'Edit' },
  evidence: { word: 'waiting for evidence', tone: 'warning', icon: 'DocumentSearch' },
  open: { word: 'open', tone: 'info', icon: 'Vote' },
  approved: { word: 'approved', tone: 'good', icon: 'CheckmarkCircle' },
  conditional: { word: 'approved · conditions open', tone: 'warning', icon: 'TaskListSquareLtr' },
  rejected: { word: 'rejected', tone: 'bad', icon: 'DismissCircle' },
  expired: { word: 'expired', tone: 'quiet', icon: 'Clock' },
  withdrawn: { word: 'withdrawn', tone: 'quiet', icon: 'ArrowUndo' },
  executing: { word: 'approved · being carried out', tone: 'info', icon: 'ArrowSync' },
  done: { word: 'done', tone: 'good', icon: 'CheckmarkCircle' },
  failed: { word: 'failed', tone: 'bad', icon: 'ErrorCircle' },
  deployed: { word: 'deployed', tone: 'good', icon: 'CheckmarkCircle' },
  'rolled-back': { word: 'rolled back', tone: 'warning', icon: 'ArrowUndo' },
  superseded: { word: 'superseded', tone: 'quiet', icon: 'ArrowForward' },
};

/** An emergency was not approved: its words never say so. */
export function lookOf(state: RequestState, emergency = false): StateLook {
  const look = LOOKS[state];
  if (!emergency) return look;
  return { ...look, word: `emergency · ${look.word.replace('approved · ', '')}` };
}

/**
 * "needs 1 more approval, and a vote from risk". The parts come in words from the rules that count the votes, so that
 * the card never says anything else than they decide; none means that it is complete, and open only until nobody can
 * turn it any more (`close: when-certain`).
 */
export function missingWords(missing: readonly string[]): string {
  if (missing.length === 0) return 'has every vote it needs; votes still to come could turn it';
  const words = missing.map((part) => clean(part, 120));
  return words.length === 1 ? `needs ${words[0]}` : `needs ${words.slice(0, -1).join(', ')}, and ${words.at(-1)}`;
}

export const CHOICES = { approve: 'approved', reject: 'rejected', abstain: 'abstained' } as const;
export type Choice = keyof typeof CHOICES;

export const CHOICE_MARKS: Readonly<Record<Choice, string>> = { approve: '✔', reject: '✖', abstain: '○' };

/** "AUC", "Log loss", "F1": an abbreviation stands in capitals. */
export const measure = (metric: string): string =>
  /^([a-z]{2,3}|[a-z]\d|rmse|mape|r2|auprc|auroc)$/.test(metric)
    ? metric.toUpperCase()
    : sentence(metric.replaceAll('_', ' '));
