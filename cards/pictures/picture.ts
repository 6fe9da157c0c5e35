import type { Ground } from './ink.ts';
import { type Radar, radar } from './radar.ts';
import { type Scatter, scatter } from './scatter.ts';
import { type Tornado, tornado } from './tornado.ts';

/** What Teams has no chart for, drawn here (bot/app.pictures.ts gives it an address). */
export type Picture = ({ kind: 'radar' } & Radar) | ({ kind: 'scatter' } & Scatter) | ({ kind: 'tornado' } & Tornado);

/** Where a picture is found: with a ground of its own, and for each theme. */
export type PictureAddresses = Readonly<Record<Ground, string>>;

/** A PNG, at most 1024 pixels wide and high. */
export function draw(picture: Picture, ground: Ground): Buffer {
  switch (picture.kind) {
    case 'radar':
      return radar(picture, ground);
    case 'scatter':
      return scatter(picture, ground);
    case 'tornado':
      return tornado(picture, ground);
  }
}
