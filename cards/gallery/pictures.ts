import type { Picture, PictureAddresses } from '../pictures/picture.ts';

/** Pictures of the samples, by the name that stands in their addresses; the sandbox draws them for its gallery. */
export const SAMPLE_PICTURES: Readonly<Record<string, Picture>> = {
  'sample-radar': {
    kind: 'radar',
    scale: 5,
    axes: [
      ...['access', 'pipelines', 'serving'].map((name) => ({ name, group: 'data infrastructure' })),
      ...['literacy', 'science', 'operations'].map((name) => ({ name, group: 'skills' })),
      ...['owners', 'rules', 'records'].map((name) => ({ name, group: 'governance' })),
    ],
    series: [
      [4, 3, 1, 3, 4, 3, 2, 2, 1],
      [4, 2, 1, 3, 3, 3, 2, 1, 1],
    ],
  },
  'sample-portfolio': {
    kind: 'scatter',
    x: { title: 'feasibility', from: 0, to: 100 },
    y: { title: 'value', from: 0, to: 100 },
    points: [
      { name: '1 UC-104', x: 75, y: 43, size: 6, series: 0 },
      { name: '2 UC-101', x: 50, y: 88, size: 12, series: 1 },
      { name: '3 UC-102', x: 90, y: 20, size: 3, series: 3 },
    ],
  },
  'sample-front': {
    kind: 'scatter',
    x: { title: 'EUR per 1,000 predictions', log: true },
    y: { title: 'AUC' },
    points: [
      { name: 'product-recommender:5', x: 0.00312, y: 0.758, series: 0 },
      { name: 'fraud-detector:6', x: 0.021, y: 0.943, series: 0 },
      { name: 'churn-predictor:4', x: 0.141, y: 0.824, series: 1 },
    ],
    front: true,
  },
  'sample-tornado': {
    kind: 'tornado',
    axis: 'building is better by (EUR, present value)',
    below: 'buying is better',
    above: 'building is better',
    base: -353711,
    bars: [
      { name: 'success of building', low: '64 %', high: '96 %', atLow: -533_000, atHigh: -174_000 },
      { name: 'success of buying', low: '76 %', high: '100 %', atLow: -183_000, atHigh: -398_000, turns: true },
      { name: 'benefit', low: '320k', high: '480k', atLow: -313_000, atHigh: -394_000 },
      { name: 'development', low: '160k', high: '240k', atLow: -293_000, atHigh: -413_000 },
      { name: 'people to run it', low: '72k', high: '108k', atLow: -307_000, atHigh: -400_000 },
    ],
  },
};

const HOUSE = 'https://wardroom.example';
export const sampleAddresses = (name: keyof typeof SAMPLE_PICTURES): PictureAddresses => ({
  paper: `${HOUSE}/pictures/paper/${name}.png`,
  light: `${HOUSE}/pictures/light/${name}.png`,
  dark: `${HOUSE}/pictures/dark/${name}.png`,
});
