import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { ApprovalPolicy } from '../core/organisation.ts';
import type { Db, Tx } from '../store/store.ts';
import { type ApprovalsDeps, cardOf } from './requests.deps.ts';
import { type RequestRow, votedOnBy } from './requests.store.ts';
import type { Voting } from './votes.ts';

const LONGEST_DAYS = 92;

export interface DelegationView {
  person: string;
  delegate: string;
  since: Temporal.Instant;
  until: Temporal.Instant;
}

/** Somebody else votes in one's place: dated, one hop, never on what that one is excluded from (ballot.rules.ts). */
export function delegations(deps: ApprovalsDeps, voting: Pick<Voting, 'shown'>) {
  const { clock, audit, outbox, people } = deps;

  /** Votes that are open now and on which this person has a seat. */
  async function openFor(tx: Tx, person: string): Promise<RequestRow[]> {
    const open = await votedOnBy(tx, person);
    return open.filter(
      ({ requester, excluded, policy }) =>
        requester !== person &&
        !excluded.some((each) => each.person === person) &&
        (policy as Partial<ApprovalPolicy>).delegation !== false,
    );
  }

  /** Their cards say who votes for whom; whoever votes for somebody else from now on is asked where they are. */
  async function handedOver(tx: Tx, person: string, to?: string): Promise<void> {
    for (const row of await openFor(tx, person)) {
      const may = to !== undefined && row.requester !== to && !row.excluded.some((each) => each.person === to);
      if (may)
        await outbox.show(tx, {
          card: cardOf(row.id),
          kind: 'approvals.request',
          ids: { request: row.id, person: to },
          conversation: `person:${to}`,
          priority: 2,
        });
      await voting.shown(tx, row);
    }
  }

  const of = (db: Db | Tx, column: 'person' | 'delegate', who: string) =>
    db
      .selectFrom('delegations')
      .selectAll()
      .where(column, '=', who)
      .where('until', '>', clock.now().toString())
      .orderBy('since')
      .execute();
  const view = (row: Awaited<ReturnType<typeof of>>[number]): DelegationView => ({
    person: row.person,
    delegate: row.delegate,
    since: Temporal.Instant.from(row.since),
    until: Temporal.Instant.from(row.until),
  });

  return {
    async delegate(
      tx: Tx,
      {
        person,
        to,
        until,
        reason,
      }: { person: string; to: string; until: Temporal.Instant; reason?: string | undefined },
    ): Promise<void> {
      const now = clock.now();
      if (person === to) throw new Refused('You cannot delegate to yourself.', 'Name a colleague.');
      const other = (await people.members())?.find(({ id }) => id === to);
      if (!other?.active) throw new Refused(`${people.nameOf(to)} is not here.`, 'Name somebody else.');
      if (until.epochMilliseconds <= now.epochMilliseconds)
        throw new Refused('That is over already.', 'Name a time to come, such as Friday 17:00.');
      if (until.epochMilliseconds > now.add({ hours: LONGEST_DAYS * 24 }).epochMilliseconds)
        throw new Refused(`A delegation lasts at most ${LONGEST_DAYS} days.`, 'Name an earlier end.');
      const [mine] = await of(tx, 'person', person);
      if (mine)
        throw new Refused(
          `You have delegated to ${people.nameOf(mine.delegate)} already.`,
          'Say “take back my votes” first.',
        );
      // One hop: whoever is away cannot stand in, and whoever stands in for others keeps their votes when going away.
      const [theirs] = await of(tx, 'person', to);
      if (theirs)
        throw new Refused(
          `${other.name} has delegated to ${people.nameOf(theirs.delegate)}, and a vote goes one hop only.`,
          'Name somebody who votes for themselves.',
        );
      await tx
        .insertInto('delegations')
        .values({
          person,
          delegate: to,
          since: now.toString(),
          until: until.toString(),
          reason: reason ?? null,
          created_at: now.toString(),
        })
        .execute();
      await audit.append(tx, {
        actor: person,
        action: 'approvals.delegated',
        objects: [],
        why: reason,
        detail: { to, until: until.toString() },
      });
      await handedOver(tx, person, to);
    },

    /** What is delegated ends now; who stood in. */
    async takeBack(tx: Tx, person: string): Promise<readonly string[]> {
      const now = clock.now().toString();
      const ended = await tx
        .updateTable('delegations')
        .set({ until: now })
        .where('person', '=', person)
        .where('until', '>', now)
        .returning('delegate')
        .execute();
      if (ended.length === 0) throw new Refused('You have delegated nothing.', 'Your votes are yours.');
      const names = ended.map(({ delegate }) => delegate);
      await audit.append(tx, { actor: person, action: 'approvals.taken-back', objects: [], detail: { from: names } });
      await handedOver(tx, person);
      return names;
    },

    /** What this person delegated, and what was delegated to them, now and to come. */
    async delegationsOf(db: Db | Tx, who: string): Promise<{ given: DelegationView[]; held: DelegationView[] }> {
      return { given: (await of(db, 'person', who)).map(view), held: (await of(db, 'delegate', who)).map(view) };
    },
  };
}
