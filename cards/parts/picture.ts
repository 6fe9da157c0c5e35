import type { Element } from '../card.ts';
import type { PictureAddresses } from '../pictures/picture.ts';
import { clean, plain } from './text.ts';
import { caption } from './words.ts';

const SAYS_LIMIT = 900;

/**
 * A picture by its address, with the same in words for those who do not see it. Teams takes the address of its theme from
 * `themedUrls`; a client that does not know them shows the picture on its own white ground.
 * https://adaptivecards.microsoft.com/?topic=Image
 */
export function image(name: string, says: string, addresses: PictureAddresses): Element {
  return {
    type: 'Container',
    spacing: 'Medium',
    items: [
      caption(plain(name)),
      {
        type: 'Image',
        url: addresses.paper,
        altText: clean(says, SAYS_LIMIT),
        size: 'Stretch',
        themedUrls: [
          { theme: 'Light', url: addresses.light },
          { theme: 'Dark', url: addresses.dark },
        ],
        fallback: { type: 'TextBlock', text: plain(says, SAYS_LIMIT), wrap: true },
      },
    ],
  };
}
