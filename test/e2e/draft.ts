import { startHouse } from './house.ts';
import { type Cast, cast } from './people.ts';
import { launch } from './room/browser.ts';

export interface DraftFigures {
  clicks: number;
  /** Fields that a person types into; everything else is filled in already. */
  fields: number;
  characters: number;
  /** From the words to the card of the use case, for hands that need no time to think or type. */
  machineSeconds: number;
  /** With a person's time: 40 words a minute to type, two seconds for a field to read, one for a click. */
  personSeconds: number;
}

/** Five characters a word, 40 words a minute: the slower half of people at a keyboard (Dhakal et al., CHI 2018: 52 on average). */
const SECONDS_A_CHARACTER = 60 / (40 * 5);
const SECONDS_A_FIELD = 2;
const SECONDS_A_CLICK = 1;

/** Inputs by the screen on which they are asked for, as somebody in a hurry would fill them. */
const SCREENS: readonly Readonly<Record<string, string>>[] = [
  {
    'Problem, and the decision that changes':
      'Account managers call whom they like. With it they would call those who are about to leave, while there is time.',
  },
  {
    'Metric of today': 'share of leavers who were called in time',
    'Its value today': '0.3',
    'Its value if this succeeds': '0.6',
  },
  {
    'Yearly benefit, at least': '120000',
    'Yearly benefit, likely': '300000',
    'Yearly benefit, at most': '500000',
    'Effort in person-months': '6',
  },
];

/** A first draft of a use case in the Room, by mouse and keyboard alone. */
export async function draftInBrowser(keep?: (people: Cast) => Promise<void>): Promise<DraftFigures> {
  const [house, browser] = await Promise.all([startHouse(), launch()]);
  const people = cast(browser, house.url);
  try {
    const gita = await people.person('gita', 'personal');
    let [clicks, fields, characters] = [0, 0, 0];
    const began = performance.now();
    const words = 'new use case Churn of business customers';
    await gita.say(words);
    characters += words.length;
    for (const [index, screen] of SCREENS.entries()) {
      const card = await gita.sees(`Step ${index + 1} of ${SCREENS.length}`);
      for (const [label, value] of Object.entries(screen)) {
        await card.getByLabel(label).fill(value);
        fields += 1;
        characters += value.length;
      }
      await gita.press(card, index === SCREENS.length - 1 ? 'Send' : 'Next');
      clicks += 1;
    }
    await gita.sees('UC-101', 'Churn of business customers');
    const machineSeconds = (performance.now() - began) / 1000;
    await keep?.(people);
    return {
      clicks,
      fields,
      characters,
      machineSeconds,
      personSeconds:
        machineSeconds + characters * SECONDS_A_CHARACTER + fields * SECONDS_A_FIELD + clicks * SECONDS_A_CLICK,
    };
  } finally {
    await browser.close();
    await house.stop();
  }
}
