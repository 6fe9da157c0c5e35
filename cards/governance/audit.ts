import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { number } from '../parts/numbers.ts';
import { state } from '../parts/state.ts';
import { clean, counted, plain } from '../parts/text.ts';
import { when } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface AuditView {
  now: Temporal.Instant;
  /** Entries that were read and checked. */
  checked: number;
  first?: Temporal.Instant;
  last?: Temporal.Instant;
  /** Hash of the last entry: write it down elsewhere and the log cannot be rewritten unseen. */
  head?: string;
  /** The first entry that does not fit the chain. */
  broken?: { entry: number; at?: Temporal.Instant; action?: string; why: string };
}

/** What checking the hash chain of the audit log found. */
export function auditCard(view: AuditView): Card {
  const { broken } = view;
  const words = broken
    ? `Entry ${number(broken.entry)} of the audit log was altered`
    : `The audit log is whole: ${counted(view.checked, 'entry', 'entries')} checked`;
  return card({
    summary: words,
    state: state(
      broken
        ? { tone: 'bad', word: 'altered', icon: 'ErrorCircle' }
        : { tone: 'good', word: 'verified', icon: 'CheckmarkCircle' },
    ),
    headline: headline(words),
    soWhat: soWhat(
      broken
        ? `${plain(broken.why)} Keep the database as it is and call your security team; everything before this entry is proven.`
        : 'Nothing was changed, removed or put in between.',
    ),
    facts: facts([
      ['Entry', broken?.action && plain(broken.action)],
      ['Written', broken?.at && when(broken.at)],
      ['Checked', broken ? `${counted(view.checked, 'entry', 'entries')} up to there` : undefined],
      ['From', view.first && when(view.first)],
      ['To', view.last && when(view.last)],
      ['Hash', view.head && grouped(clean(view.head, 128))],
    ]),
    foot: foot(view.now, 'audit log, SHA-256 chain'),
  });
}

/** In groups, so that it wraps on a phone and can be read out. */
const grouped = (hash: string): string => hash.match(/.{1,8}/g)?.join(' ') ?? hash;
