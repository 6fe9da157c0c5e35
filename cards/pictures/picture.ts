import type { Ground } from './ink.ts';
import { type Radar, radar } from './radar.ts';
import { type Tornado, tornado } from './tornado.ts';

/** What Teams has no chart for, drawn here (bot/app.pictures.ts gives it an address). */
export type Picture = ({ kind: 'radar' } & Radar) | ({ kind: 'tornado' } & Tornado);

/** Where a picture is found: with a ground of its own, and for each theme. */
export type PictureAddresses = Readonly<Record<Ground, string>>;

/** A PNG, at most 1024 pixels wide and high. */
export const draw = (picture: Picture, ground: Ground): Buffer =>
  picture.kind === 'radar' ? radar(picture, ground) : tornado(picture, ground);
