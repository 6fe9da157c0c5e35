import type { Temporal } from 'temporal-polyfill';
import { atLeast, type Fraction, fractionOf, needed } from './fraction.rules.ts';
import type { Ballot, Choice, Over, Tally, Vote } from './votes.rules.ts';

/**
 * Counting: votes are taken one by one, and after each the outcome is known without looking at the earlier ones again,
 * so that a request with thousands of votes is decided in one pass.
 *
 * A *seat* is the right to vote of one person on the list of the opening. Whoever holds it at the moment of a vote fills
 * it: the person, or who they delegated to. One vote per person: somebody who holds two seats fills both with one vote,
 * in the roles of both, and it counts once.
 */
export interface Counter {
  /** Whose vote this would be; a reason when it cannot count. */
  seatsOf(vote: Pick<Vote, 'voter' | 'at' | 'revision'>): readonly string[] | string;
  take(vote: Vote): void;
  judged(at: Temporal.Instant): { missing: readonly string[]; over?: Over };
  tally(at: Temporal.Instant, ignored: Tally['ignored']): Tally;
}

interface Cast {
  vote: Vote;
  seats: readonly string[];
}

export function counter(ballot: Ballot, end: Temporal.Instant): Counter {
  const { policy } = ballot;
  const out = exclusions(ballot);
  const nameOf = ballot.nameOf ?? ((person: string) => person);
  const roles = new Map(ballot.members.map(({ person, roles: held }) => [person, held]));
  const seats = [...roles.keys()].filter((person) => !out.has(person));
  const delegations = (ballot.delegations ?? []).filter(
    ({ from, to }) => roles.has(from) && !out.has(from) && !out.has(to) && from !== to,
  );
  const threshold = fractionOf(policy.threshold);
  const required: readonly string[] = policy.requiredRoles;
  const vetoes: readonly string[] = policy.vetoRoles;
  const may = (seat: string, wanted: readonly string[]) =>
    roles.get(seat)?.some((role) => wanted.includes(role)) ?? false;
  const emptyRole = required.find((role) => !seats.some((seat) => may(seat, [role])));
  // Who holds the role and is excluded is named: it is they, or what excludes them, that somebody can do something about.
  const holders = [...roles].flatMap(([person, held]) =>
    emptyRole && held.includes(emptyRole) ? [nameOf(person)] : [],
  );
  const barred = holders.length > 0 ? ` (excluded: ${holders.slice(0, 3).join(', ')})` : '';
  const vetoSeats = new Set(seats.filter((seat) => may(seat, vetoes)));

  const byVoter = new Map<string, Cast>();
  const filledBy = new Map<string, string>();
  const count: Record<Choice, number> = { approve: 0, reject: 0, abstain: 0 };
  const inRole = new Map(required.map((role) => [role, 0]));
  let filledVeto = 0;
  let veto: Vote | undefined;

  const holderAt = (seat: string, at: Temporal.Instant): string =>
    delegations.find((each) => each.from === seat && inForce(each, at))?.to ?? seat;
  const heldBy = (voter: string, at: Temporal.Instant): string[] => {
    if (delegations.length === 0) return roles.has(voter) && !out.has(voter) ? [voter] : [];
    return seats.filter((seat) => holderAt(seat, at) === voter);
  };
  const mark = (seat: string, by: 1 | -1) => {
    for (const role of required) if (may(seat, [role])) inRole.set(role, (inRole.get(role) ?? 0) + by);
    if (vetoSeats.has(seat)) filledVeto += by;
  };
  const drop = (voter: string) => {
    const cast = byVoter.get(voter);
    if (!cast) return;
    byVoter.delete(voter);
    count[cast.vote.choice] -= 1;
    for (const seat of cast.seats) {
      if (filledBy.get(seat) !== voter) continue;
      filledBy.delete(seat);
      mark(seat, -1);
    }
  };

  /** Who can still be heard, as it is at this moment. */
  const room = (at: Temporal.Instant) => {
    if (delegations.length === 0) {
      const outstanding = seats.length - filledBy.size;
      return { eligible: seats.length, outstanding, couldVeto: vetoSeats.size - filledVeto > 0 };
    }
    const open = seats.filter((seat) => !filledBy.has(seat));
    const waiting = new Set(open.map((seat) => holderAt(seat, at)).filter((holder) => !byVoter.has(holder)));
    const couldVeto = open.some((seat) => vetoSeats.has(seat));
    const eligible = new Set(seats.map((seat) => filledBy.get(seat) ?? holderAt(seat, at))).size;
    return { eligible, outstanding: waiting.size, couldVeto };
  };

  const quorumFor = (eligible: number): number => quorumOf(policy.quorum, eligible, policy.minVotes);
  const sum = () => ({ approvals: count.approve, rejections: count.reject, abstentions: count.abstain });

  function missingOf(quorum: number): string[] {
    const missing: string[] = [];
    const approvals = policy.minApprovals - count.approve;
    if (approvals > 0) missing.push(`${approvals} more ${approvals === 1 ? 'approval' : 'approvals'}`);
    for (const role of required) if ((inRole.get(role) ?? 0) === 0) missing.push(`a vote from ${role}`);
    const votes = quorum - byVoter.size;
    // Said only when the approvals that are missing would not fill it by themselves.
    if (votes > Math.max(approvals, 0))
      missing.push(`${votes} more ${votes === 1 ? 'vote' : 'votes'} for the quorum of ${quorum}`);
    const cast = count.approve + count.reject;
    // Said only where it is the ratio that fails: with too few approvals the first line already tells.
    if (approvals <= 0 && !atLeast(count.approve, cast, threshold)) {
      missing.push(
        `approvals from ${policy.threshold} of those who approve or reject (now ${count.approve} of ${cast})`,
      );
    }
    return missing;
  }

  return {
    seatsOf({ voter, at, revision }) {
      const excluded = out.get(voter);
      if (excluded !== undefined) return excluded;
      const held = heldBy(voter, at);
      if (held.length === 0) {
        const to = roles.has(voter) ? holderAt(voter, at) : undefined;
        return to === undefined ? 'not among the voters when it was opened' : `had delegated to ${nameOf(to)}`;
      }
      if (ballot.revision !== undefined && revision !== ballot.revision)
        return 'the request was changed after this vote';
      if (at.epochMilliseconds >= end.epochMilliseconds) return 'cast after the deadline';
      return held;
    },

    take(vote) {
      drop(vote.voter);
      const held = heldBy(vote.voter, vote.at);
      for (const seat of held) {
        // Somebody else filled it while they held it: their vote goes when this was their only seat.
        const before = filledBy.get(seat);
        if (before !== undefined) {
          const others = (byVoter.get(before)?.seats ?? []).filter(
            (each) => each !== seat && filledBy.get(each) === before,
          );
          if (others.length === 0) drop(before);
          else mark(seat, -1);
        }
        filledBy.set(seat, vote.voter);
        mark(seat, 1);
      }
      byVoter.set(vote.voter, { vote, seats: held });
      count[vote.choice] += 1;
      // A rejection without a reason is no veto; it counts like any other.
      if (vote.choice === 'reject' && vote.reason?.trim() && held.some((seat) => vetoSeats.has(seat))) veto = vote;
    },

    judged(at) {
      const { eligible, outstanding, couldVeto } = room(at);
      const quorum = quorumFor(eligible);
      const missing = missingOf(quorum);
      const reject = (by: Over['by'], reason: string) => ({
        missing,
        over: { state: 'rejected' as const, by, reason },
      });
      if (emptyRole !== undefined)
        return reject('nobody-left', `Nobody who may vote on this holds the required role ${emptyRole}${barred}.`);
      const least = Math.max(policy.minApprovals, quorum);
      if (eligible < least) return reject('nobody-left', `Only ${eligible} may vote on this and ${least} are needed.`);
      if (veto) return reject('veto', `Vetoed by ${nameOf(veto.voter)}: ${veto.reason?.trim()}`);
      const best = count.approve + outstanding;
      if (best < policy.minApprovals || !atLeast(best, best + count.reject, threshold))
        return reject('votes', `Rejected, ${sumOf(sum())}: even if all others approve it cannot pass.`);
      if (missing.length > 0) return { missing };
      const cast = count.approve + count.reject;
      const certain = atLeast(count.approve, cast + outstanding, threshold) && !couldVeto;
      if ((policy.close ?? 'when-met') === 'when-certain' && !certain) return { missing };
      return { missing, over: { state: 'approved', by: 'votes', reason: `Approved, ${sumOf(sum())}.` } };
    },

    tally(at, ignored) {
      const holders = [...new Set(seats.map((seat) => filledBy.get(seat) ?? holderAt(seat, at)))];
      const unfilled = seats.filter((seat) => !filledBy.has(seat));
      const open = unfilled.map((seat) => holderAt(seat, at));
      const away = delegations.length === 0 ? [] : unfilled.filter((seat) => holderAt(seat, at) !== seat);
      return {
        eligible: delegations.length === 0 ? seats : holders,
        ...sum(),
        outstanding: [...new Set(open)].filter((person) => !byVoter.has(person)),
        counted: [...byVoter.values()].map(({ vote }) => vote),
        fills: Object.fromEntries(
          [...byVoter.values()].map(({ vote, seats: held }) => [
            vote.voter,
            held.filter((seat) => filledBy.get(seat) === vote.voter),
          ]),
        ),
        inPlaceOf: Object.fromEntries(
          [...byVoter.values()].flatMap(({ vote, seats: held }) => {
            const others = held.filter((seat) => seat !== vote.voter && filledBy.get(seat) === vote.voter);
            return others.length > 0 ? [[vote.voter, others]] : [];
          }),
        ),
        standsFor: Object.fromEntries(
          [...new Set(away.map((seat) => holderAt(seat, at)))].map((holder) => [
            holder,
            away.filter((seat) => holderAt(seat, at) === holder),
          ]),
        ),
        ignored,
        roles: required.map((role) => ({ role, voted: (inRole.get(role) ?? 0) > 0 })),
      };
    },
  };
}

const inForce = (
  { since, until }: { since: Temporal.Instant; until: Temporal.Instant },
  at: Temporal.Instant,
): boolean => since.epochMilliseconds <= at.epochMilliseconds && at.epochMilliseconds < until.epochMilliseconds;

/** Everybody who cannot vote, with the reason in words. */
export const exclusions = ({ excluded, requester }: Ballot): ReadonlyMap<string, string> =>
  new Map([
    ...excluded.map(({ person, why }) => [person, why] as const),
    [requester, 'You asked for this approval, so you cannot vote on it.'],
  ]);

/** ceil(q · eligible) for a fraction, the number itself otherwise; never below `least`. */
export const quorumOf = (quorum: number | string | undefined, eligible: number, least = 0): number => {
  const asked =
    quorum === undefined || quorum === 'none'
      ? 0
      : typeof quorum === 'number'
        ? quorum
        : needed(eligible, fractionOf(quorum) satisfies Fraction);
  return Math.max(asked, least);
};

export const sumOf = ({
  approvals,
  rejections,
  abstentions,
}: Pick<Tally, 'approvals' | 'rejections' | 'abstentions'>) =>
  `${approvals} for, ${rejections} against${abstentions > 0 ? `, ${abstentions} abstaining` : ''}`;
