import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { actions, open } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { number } from '../parts/numbers.ts';
import { state } from '../parts/state.ts';
import { clean, counted, plain } from '../parts/text.ts';
import { aside, caption, headline, soWhat } from '../parts/words.ts';

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
  /** Where the file can be fetched for a day. */
  url: string;
  source: string;
}

/** How the file of a decision is called. */
export const fileOf = (request: string): string => `decision-${request}.json`;

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
      aside(`The file is there for a day: ${clean(view.url, 400)}`),
      caption('To verify, in a terminal'),
      list([{ text: `npm run -s console -- audit verify ${plain(fileOf(view.request), 60)}` }]),
    ],
    actions: actions([open('Download the file', view.url)]),
    foot: foot(view.now, view.source),
  });
