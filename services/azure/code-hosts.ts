import type { Temporal } from 'temporal-polyfill';

/**
 * Where code is tested and reviewed, behind one small interface: GitHub and Azure DevOps are the same to whoever asks
 * whether a commit was tested, and who looked at it.
 */
export interface CodeHost {
  /** How people call it. */
  readonly name: string;
  /** What would have to be set for it to see private repositories, too; undefined when it is. */
  readonly hidden: string | undefined;
  /** `undefined` when the repository does not know the commit. `since`: the commit before which nobody's work counts. */
  commit(repository: string, sha: string, since: string | undefined): Promise<CommitFacts | undefined>;
}

export interface CommitFacts {
  checks: readonly { name: string; passed: boolean; at: Temporal.Instant | undefined }[];
  /** The pull request that brought it in; undefined when it was pushed directly. */
  pull: { number: number; author: string; approvedBy: readonly string[]; at: Temporal.Instant | undefined } | undefined;
  /** Addresses (or names) of everybody who wrote since. */
  committers: readonly string[];
}
