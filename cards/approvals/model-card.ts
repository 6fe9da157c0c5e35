import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { plain, sentence } from '../parts/text.ts';
import { when } from '../parts/time.ts';
import { headline, line, soWhat } from '../parts/words.ts';

export interface ModelCardView {
  now: Temporal.Instant;
  model: string;
  /** 0 when nobody has written one. */
  version: number;
  author?: string;
  at?: Temporal.Instant;
  /** In order: "limits" and its text. */
  parts: readonly { name: string; text: string }[];
  /** What the risk class asks for and the card lacks. */
  missing: readonly string[];
  risk: string;
  mayEdit: boolean;
}

const PART_LIMIT = 600;

/** What is written down about a model. */
export function modelCardCard(view: ModelCardView): Card {
  const { model, version, missing, parts } = view;
  const written = version > 0;
  const words = !written
    ? `Nobody has written a model card of ${model}`
    : missing.length > 0
      ? `The model card of ${model} lacks ${missing.join(', ')}`
      : `The model card of ${model} is complete`;
  return card({
    summary: words,
    state: state({
      tone: written && missing.length === 0 ? 'good' : 'warning',
      icon: 'DocumentText',
      word: written ? `version ${version}` : 'missing',
      id: model,
    }),
    headline: headline(plain(`${words}.`, 300)),
    soWhat:
      view.author && view.at
        ? soWhat(`Written by ${named(view.author)}, ${when(view.at)}; ${plain(view.risk)} risk.`)
        : undefined,
    details: [
      list(
        parts.map(({ name, text }) => ({ text: `**${plain(sentence(name))}**`, detail: plain(text, PART_LIMIT) })),
        { shown: 8, spacing: 'Medium' },
      ),
      missing.length > 0 && written ? line(`Still to be written: ${plain(missing.join(', '))}.`, 'warning') : undefined,
    ],
    actions: view.mayEdit
      ? actions([
          act({ title: written ? 'Edit' : 'Write it', verb: 'approvals.edit-card', ids: { model }, main: true }),
        ])
      : undefined,
    foot: foot(view.now, 'Wardroom'),
  });
}
