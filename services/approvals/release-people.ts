import { digestOf } from '../core/canonical.ts';
import { Unavailable } from '../core/errors.ts';
import type { Organisation } from '../core/organisation.ts';
import type { About } from './evidence-about.ts';
import type { PromotePlan } from './plan.ts';
import type { VersionFacts } from './sources.ts';

/** Whose own work it is, by the ids of wardroom.yaml. */
export interface Involvement {
  authors: readonly string[];
  committers: readonly string[];
}

/**
 * Authors are who registered the version and who started its training run; committers are who wrote its code since the
 * version that serves. When the code host does not answer nobody is let in by that: the caller tries again later.
 */
export async function involvedIn(about: About): Promise<Involvement | undefined> {
  const { sources, organisation, plan, version } = about;
  try {
    const [run, serving] = await Promise.all([about.run(), about.serving()]);
    const commit = run?.tags[COMMIT];
    const code = commit ? await sources.code(plan.model.name, commit, serving?.run?.tags[COMMIT]) : undefined;
    const authors = [version.createdBy, version.properties['azureml.trainedBy'], run?.tags['mlflow.user']];
    return {
      authors: idsOf(organisation, authors),
      committers: idsOf(organisation, code?.facts?.committers ?? []),
    };
  } catch (error) {
    if (error instanceof Unavailable) return undefined;
    throw error;
  }
}

const COMMIT = 'mlflow.source.git.commit';

/** Accounts are written as addresses, as names, or as object ids; somebody from outside has no vote to lose. */
function idsOf({ people }: Pick<Organisation, 'people'>, accounts: readonly (string | undefined)[]): string[] {
  const wanted = new Set(accounts.flatMap((account) => (account ? [account.trim().toLowerCase()] : [])));
  return people
    .filter(
      ({ id, email, entraId, name }) =>
        wanted.has(id) ||
        wanted.has(email?.toLowerCase() ?? '') ||
        wanted.has(entraId.toLowerCase()) ||
        wanted.has(name.toLowerCase()),
    )
    .map(({ id }) => id);
}

/** The hash of the files when somebody keeps one; otherwise of everything that Azure says of the registration. */
export function artifactOf(version: VersionFacts): PromotePlan['artifact'] {
  const hash = [version.properties.sha256, version.tags.sha256].find((each) => /^[0-9a-f]{64}$/i.test(each ?? ''));
  if (hash) return { sha256: hash.toLowerCase(), of: 'files' };
  const { name, version: number, uri, jobName, createdAt, createdBy } = version;
  return { sha256: digestOf([name, number, uri, jobName, createdAt?.toString(), createdBy]), of: 'registration' };
}
