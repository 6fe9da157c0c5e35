import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { foundation } from './migrations/0001-foundation.ts';
import { alerts } from './migrations/0002-alerts.ts';
import { approvals } from './migrations/0003-approvals.ts';
import { delivery } from './migrations/0004-delivery.ts';
import { oncall } from './migrations/0005-oncall.ts';
import { growth } from './migrations/0006-growth.ts';
import { heartbeats } from './migrations/0007-heartbeats.ts';
import { drafts } from './migrations/0008-drafts.ts';
import { accounts } from './migrations/0010-accounts.ts';
import { noise } from './migrations/0020-noise.ts';
import { fairness } from './migrations/0021-fairness.ts';
import { responders } from './migrations/0030-responders.ts';
import { models } from './migrations/0040-models.ts';
import { releases } from './migrations/0050-releases.ts';
import { rollouts } from './migrations/0060-rollouts.ts';
import { experiments } from './migrations/0061-experiments.ts';
import { windows } from './migrations/0070-windows.ts';
import { costs } from './migrations/0080-costs.ts';
import { intake } from './migrations/0090-intake.ts';
import { votes } from './migrations/0100-votes.ts';
import { secretVotes } from './migrations/0101-secret-votes.ts';
import { files } from './migrations/0105-files.ts';
import { evidenceBinding } from './migrations/0106-evidence-binding.ts';
import { rotations } from './migrations/0115-rotations.ts';
import { storms } from './migrations/0116-storms.ts';
import { costGroups } from './migrations/0120-cost-groups.ts';
import { costExports } from './migrations/0121-cost-exports.ts';
import { costRequests } from './migrations/0122-cost-requests.ts';
import { changeCare } from './migrations/0125-change-care.ts';
import { ownStarts } from './migrations/0126-own-starts.ts';
import { changeSteps } from './migrations/0127-change-steps.ts';
import { intakeLife } from './migrations/0130-intake-life.ts';
import { groupBeat } from './migrations/0131-group-beat.ts';
import { lateOrders } from './migrations/0135-late-orders.ts';
import { policyCalls } from './migrations/0140-policy-calls.ts';
import { readinessGaps } from './migrations/0145-readiness-gaps.ts';
import { signatures } from './migrations/0150-signatures.ts';
import { reminders } from './migrations/0160-reminders.ts';
import { readOut } from './migrations/0161-read-out.ts';

/**
 * Forward only; a landed migration is never edited. Each stands on its own domain's earlier ones, so one that was made
 * beside another and landed later still runs, whatever its number.
 */
const MIGRATIONS: Record<string, string> = {
  '0001-foundation': foundation,
  '0002-alerts': alerts,
  '0003-approvals': approvals,
  '0004-delivery': delivery,
  '0005-oncall': oncall,
  '0006-growth': growth,
  '0007-heartbeats': heartbeats,
  '0008-drafts': drafts,
  '0030-responders': responders,
  '0010-accounts': accounts,
  '0020-noise': noise,
  '0021-fairness': fairness,
  '0050-releases': releases,
  '0040-models': models,
  '0070-windows': windows,
  '0060-rollouts': rollouts,
  '0061-experiments': experiments,
  '0090-intake': intake,
  '0130-intake-life': intakeLife,
  '0080-costs': costs,
  '0100-votes': votes,
  '0120-cost-groups': costGroups,
  '0121-cost-exports': costExports,
  '0105-files': files,
  '0125-change-care': changeCare,
  '0106-evidence-binding': evidenceBinding,
  '0115-rotations': rotations,
  '0116-storms': storms,
  '0126-own-starts': ownStarts,
  '0127-change-steps': changeSteps,
  '0122-cost-requests': costRequests,
  '0101-secret-votes': secretVotes,
  '0140-policy-calls': policyCalls,
  '0135-late-orders': lateOrders,
  '0131-group-beat': groupBeat,
  '0145-readiness-gaps': readinessGaps,
  '0150-signatures': signatures,
  '0160-reminders': reminders,
  '0161-read-out': readOut,
};

/** Brings the schema up to date; several processes may start at once (Kysely takes a lock). Throws what went wrong. */
export async function migrate(db: Kysely<never>): Promise<void> {
  const migrations: Record<string, Migration> = {};
  for (const [name, text] of Object.entries(MIGRATIONS)) {
    migrations[name] = {
      up: async (tx) => {
        // One statement at a time: the extended protocol, which PGlite's query() speaks, takes no more.
        for (const statement of text.split(/;\s*\n/)) {
          if (statement.trim()) await sql.raw(statement).execute(tx);
        }
      },
    };
  }
  const { error, results } = await new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    allowUnorderedMigrations: true,
  }).migrateToLatest();
  if (error) {
    const failed = results?.find((result) => result.status === 'Error')?.migrationName ?? 'a migration';
    throw new Error(`${failed} did not run: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
