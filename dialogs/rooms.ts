import type { Picture, PictureAddresses } from '../cards/pictures/picture.ts';
import type { Alerts } from '../services/alerts/index.ts';
import type { Approvals, Catalogue, Experiments, Rollouts, Serving } from '../services/approvals/index.ts';
import type { ConcernsRoom } from '../services/concerns/index.ts';
import type { Audit } from '../services/core/audit.ts';
import type { Drafts } from '../services/core/drafts.ts';
import type { Files } from '../services/core/files.ts';
import type { Organisation } from '../services/core/organisation.ts';
import type { Undelivered } from '../services/core/outbox.ts';
import type { Roster } from '../services/core/roster.ts';
import type { Costs } from '../services/cost/index.ts';
import type { Fleet } from '../services/fleet/index.ts';
import type { Intake } from '../services/intake/index.ts';
import type { Models } from '../services/models/index.ts';
import type { Db, Tx } from '../services/store/store.ts';
import type { Training } from '../services/training/index.ts';
import type { Windows } from '../services/windows/index.ts';

/** What a dialog can reach: one service per domain, and the house's own record. Filled by bot/app.ts. */
export interface Rooms {
  /** For reading; a capability that writes uses its turn's transaction. */
  db: Db;
  organisation: Organisation;
  people: Roster;
  audit: Audit;
  /** Forms that were begun and not sent. */
  drafts: Drafts;
  alerts: Alerts;
  approvals: Approvals;
  fleet: Fleet;
  models: Models;
  windows: Windows;
  /** Approved promotions on their way. */
  rollouts: Rollouts;
  training: Training;
  /** A/B tests between deployments. */
  experiments: Experiments;
  /** Models and their versions as Azure knows them. */
  catalogue: Catalogue;
  /** What endpoints should serve, and where they do not. */
  serving: Serving;
  intake: Intake;
  cost: Costs;
  /** Files to take along. */
  files: Files;
  /** The address of a file that was made for somebody; it works for a day. */
  fileUrl: (token: string) => string;
  /** Where a picture is found that Teams has no chart for. */
  pictures: (picture: Picture) => PictureAddresses;
  concerns: ConcernsRoom;
  undelivered: (db: Db, most: number) => Promise<Undelivered[]>;
  /** Gives every message that was given up another try. */
  redeliver: (tx: Tx) => Promise<number>;
}

/** A channel as people know it, from its id (with or without `channel:` in front) or its conversation. */
export const channelNamed = ({ organisation }: Rooms, id: string): string | undefined =>
  organisation.channels.find((one) => one.id === id.replace(/^channel:/, '') || one.conversation === id)?.name;
