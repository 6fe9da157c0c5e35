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
