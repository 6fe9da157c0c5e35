import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { GROUNDS, type Ground } from '../cards/pictures/ink.ts';
import { draw, type Picture, type PictureAddresses } from '../cards/pictures/picture.ts';
import type { Seal } from '../services/core/seal.ts';

/** So many are kept as they were drawn: whoever opens a chat asks for the same few. */
const KEPT = 64;
/** A picture of another shape than today's is not drawn; it is asked for again with its card. */
const SHAPE = 1;

/**
 * Part of the composition root: pictures at addresses that hold all of what they show, sealed. Nothing is stored, so every
 * replica draws every picture, after a restart as well; what is on them stays out of the logs of whatever stands between.
 */
export function pictures({
  seal,
  addressOf,
  samples = {},
}: {
  seal: Seal;
  addressOf: (path: string) => string;
  /** Of the sandbox's gallery, by name. */
  samples?: Readonly<Record<string, Picture>>;
}) {
  const kept = new Map<string, Buffer>();
  return {
    addresses(picture: Picture): PictureAddresses {
      const token = seal.close(deflateRawSync(JSON.stringify({ shape: SHAPE, picture })));
      const at = (ground: Ground) => addressOf(`/pictures/${ground}/${token}.png`);
      return { paper: at('paper'), light: at('light'), dark: at('dark') };
    },

    /** The PNG, or `undefined` for an address that was not made here. */
    open(ground: string, token: string): Buffer | undefined {
      const on = GROUNDS.find((each) => each === ground);
      const sample = Object.hasOwn(samples, token) ? samples[token] : undefined;
      if (on && sample) return draw(sample, on);
      const words = on && seal.open(token);
      if (!on || !words) return undefined;
      const key = `${on} ${token}`;
      const known = kept.get(key);
      if (known) return known;
      const { shape, picture } = JSON.parse(inflateRawSync(words).toString()) as { shape: number; picture: Picture };
      if (shape !== SHAPE) return undefined;
      const drawn = draw(picture, on);
      for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - KEPT + 1))) kept.delete(oldest);
      kept.set(key, drawn);
      return drawn;
    },
  };
}
export type Pictures = ReturnType<typeof pictures>;
