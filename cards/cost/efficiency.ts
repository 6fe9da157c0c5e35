import type { Card } from '../card.ts';
import { act, ask } from '../parts/actions.ts';
import { bars } from '../parts/charts.ts';
import { numberInput, textInput } from '../parts/inputs.ts';
import { money } from '../parts/numbers.ts';
import { image } from '../parts/picture.ts';
import { plain } from '../parts/text.ts';
import { MARKS } from '../pictures/marks.ts';
import type { PictureAddresses } from '../pictures/picture.ts';
import { report, type Source } from './report.ts';

export interface EfficiencyView {
  source: Source;
  currency: string;
  metric: string;
  placed: readonly { name: string; costPerThousand: string; quality: number; dominatedBy?: string }[];
  /** Where the picture of them is found; none when nothing is placed. */
  picture?: PictureAddresses;
}

/** Cost per 1,000 predictions against quality: who is worth the money, and who is beaten in both. */
export function efficiencyCard(view: EfficiencyView): Card {
  const amount = (value: string) => money({ amount: value, currency: view.currency });
  const front = view.placed.filter(({ dominatedBy }) => !dominatedBy);
  return report({
    state: { tone: 'info', word: `${front.length} on the front`, icon: 'ScatterChart' },
    headline:
      view.placed.length === 0
        ? 'No version that serves has both a cost and a measured quality'
        : `${front
            .map(({ name }) => name.split(' on ')[0])
            .slice(0, 3)
            .join(', ')} ${front.length === 1 ? 'is' : 'are'} not beaten in cost and ${view.metric} at once`,
    soWhat:
      'Models that answer different questions stand side by side: compare versions of one model, and prices across all.',
    picture:
      view.picture &&
      image(
        `${MARKS[0]} on the front · ${MARKS[1]} beaten by another`,
        `Cost per 1,000 predictions against ${view.metric}. ${view.placed.map((each) => `${each.name}: ${amount(each.costPerThousand)}, ${each.quality.toFixed(3)}${each.dominatedBy ? ', beaten' : ', on the front'}`).join('; ')}`,
        view.picture,
      ),
    entries: view.placed.map((each) => ({
      text: `${MARKS[each.dominatedBy ? 1 : 0]} **${plain(each.name, 80)}** · ${amount(each.costPerThousand)} per 1,000 · ${view.metric} ${each.quality.toFixed(3)}`,
      detail: each.dominatedBy ? `beaten by ${plain(each.dominatedBy, 80)}` : 'nobody is cheaper and at least as good',
    })),
    source: view.source,
  });
}

export interface RetrainView {
  source: Source;
  model: string;
  sku: string;
  currency: string;
  perRun: string;
  perMonth: string;
  spotPerMonth?: string;
  hours: string;
  arithmetic: string;
  assumptions: readonly string[];
}

/** What a retraining costs, once and a month, dedicated and on spot; every assumption can be changed. */
export function retrainCard(view: RetrainView): Card {
  const amount = (value: string) => money({ amount: value, currency: view.currency });
  return report({
    state: { tone: 'info', word: 'retraining', icon: 'ArrowRepeatAll', id: view.model },
    headline: `Retraining ${view.model} costs ${amount(view.perRun)} a run, ${amount(view.perMonth)} a month on ${view.sku}`,
    soWhat: view.spotPerMonth
      ? `On spot nodes ${amount(view.spotPerMonth)} a month, checkpoints and lost work included.`
      : undefined,
    picture: bars({
      caption: 'Cost a month',
      xTitle: view.currency,
      yTitle: 'Nodes',
      bars: [
        { label: 'dedicated', value: Number(view.perMonth) },
        ...(view.spotPerMonth ? [{ label: 'spot', value: Number(view.spotPerMonth), tone: 'good' as const }] : []),
      ],
    }),
    facts: [
      ['One run', `${plain(view.hours)} node hours`],
      ['Reckoned', plain(view.arithmetic)],
      ['Assumed', plain(view.assumptions.join('; '))],
    ],
    primary: [
      ask(
        'Change',
        [
          numberInput({ id: 'rows', label: 'Million rows', error: 'a number above 0', min: 0 }),
          numberInput({ id: 'runs', label: 'Runs a month', error: '1 to 1000', min: 1, max: 1000 }),
          textInput({ id: 'sku', label: 'Machine', error: 'a VM size', placeholder: 'Standard_D16s_v5', limit: 60 }),
        ],
        act({ title: 'Reckon', verb: 'cost.retrain', ids: { model: view.model }, main: true, inputs: 'auto' }),
      ),
    ],
    source: view.source,
  });
}
