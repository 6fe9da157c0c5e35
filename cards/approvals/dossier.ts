import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { number } from '../parts/numbers.ts';
import { state } from '../parts/state.ts';
import { clean, counted, plain } from '../parts/text.ts';
import { caption, headline, soWhat } from '../parts/words.ts';

export interface DossierView {
  now: Temporal.Instant;
  request: string;
  state: string;
  digest: string;
  seal: string;
  votes: number;
  evidence: readonly { kind: string; digest: string }[];
  entries: number;
  head: { seq: number; hash: string };
  bytes: number;
  source: string;
}

/** How a decision leaves the house: what is in the file, how it is fetched, how it is verified. */
export const dossierCard = (view: DossierView): Card =>
  card({
    summary: `${clean(view.request)} as one file: ${counted(view.votes, 'vote')}, ${counted(view.evidence.length, 'piece')} of evidence, ${counted(view.entries, 'entry', 'entries')} of the record`,
    state: state({ tone: 'info', icon: 'DocumentCheckmark', word: 'for an auditor', id: view.request }),
    headline: headline(
      plain(
        `${view.request} (${view.state}) can be taken along as one file of ${number(Math.ceil(view.bytes / 1024))} KB`,
      ),
    ),
    soWhat: soWhat(
      'It is verified without Wardroom’s database and without a network; it says itself what it proves and what not.',
    ),
    facts: facts([
      ['Digest voted on', plain(view.digest.slice(0, 24))],
      ['Votes', String(view.votes)],
      ['Record', counted(view.entries, 'entry', 'entries')],
      ['Head of the record', `entry ${view.head.seq}, ${plain(view.head.hash.slice(0, 24))}`],
      ['Seal', plain(view.seal.slice(0, 24))],
    ]),
    details: [
      view.evidence.length > 0 && caption('Evidence, by its digest'),
      list(view.evidence.map(({ kind, digest }) => ({ text: `${plain(kind, 60)} · ${plain(digest.slice(0, 24))}` }))),
      caption('To fetch and to verify, in a terminal'),
      list([
        { text: `npm run -s console -- --json "export decision ${plain(view.request, 40)}" > decision.json` },
        { text: 'npm run -s console -- audit verify decision.json' },
      ]),
    ],
    foot: foot(view.now, view.source),
  });
