import { Refused } from '../core/errors.ts';
import type { Db, Tx } from '../store/store.ts';
import type { IntakeDeps } from './deps.ts';
import { type SignoffState, type Stakeholder, signoff, speaksFor } from './signoff.rules.ts';
import * as rows from './use-cases.store.ts';
import { type UseCases, useCaseCardOf } from './use-cases.ts';

export const SIGNOFF_NUDGE = 'intake-signoff-nudge';
const NUDGE_AFTER_DAYS = 3;
const MOST_NUDGES = 5;

export interface Signer {
  id: string;
  name: string;
  roles: readonly string[];
}

/** Sign-off by business, data science, risk and IT. Every word stays; the last of each counts, for the answers it was said of. */
export function signoffs(deps: IntakeDeps, cases: UseCases) {
  const { clock, jobs, outbox } = deps;

  async function state(db: Db | Tx, row: rows.UseCaseRow): Promise<SignoffState> {
    return signoff(await rows.signaturesOf(db, row.id), row.revision, row.signoff_asked_at ?? row.created_at);
  }

  /** Opens the sign-off with the first word of anybody, and reminds those who are missing. */
  async function opened(tx: Tx, row: rows.UseCaseRow): Promise<void> {
    if (row.signoff_asked_at) return;
    const now = clock.now();
    await rows.update(tx, row.id, { signoff_asked_at: now.toString() }, now.toString());
    await jobs.enqueue(
      tx,
      SIGNOFF_NUDGE,
      { useCase: row.id, round: 1 },
      { at: now.add({ hours: 24 * NUDGE_AFTER_DAYS }) },
    );
  }

  function speakerFor(row: rows.UseCaseRow, who: Signer, wanted: Stakeholder | undefined): Stakeholder[] {
    const may = speaksFor(who, row.answers['owner']?.value);
    if (may.length === 0)
      throw new Refused(
        'You sign for none of business, data science, risk and IT here.',
        'The card says who does.',
        'not-a-stakeholder',
      );
    if (wanted && !may.includes(wanted))
      throw new Refused(`You do not sign for ${wanted}.`, `You sign for ${may.join(' and ')}.`, 'not-a-stakeholder');
    return wanted ? [wanted] : may;
  }

  async function word(
    tx: Tx,
    id: string,
    who: Signer,
    said: { verdict: 'signed' | 'objected'; reason?: string | undefined; stakeholder?: Stakeholder | undefined },
  ): Promise<{ state: SignoffState; for: Stakeholder[] }> {
    const row = await cases.needed(tx, id);
    const speaking = speakerFor(row, who, said.stakeholder);
    if (said.verdict === 'signed') {
      const view = await cases.find(tx, id);
      const { gate, missing } = view?.standing ?? { gate: { pass: true as const }, missing: {} };
      if (!gate.pass) throw new Refused(`${id} is not ready to be signed: ${gate.why}`, gate.next, 'gate');
      const open = Object.values(missing).flat();
      if (open.length > 0)
        throw new Refused(
          `${id} is not ready to be signed: ${open.length} mandatory answers are missing (${open.slice(0, 4).join(', ')}${open.length > 4 ? ', …' : ''}).`,
          `Say “use case ${id}” and answer them.`,
          'gate',
        );
      if (!view?.risk) throw new Refused(`${id} has no risk class yet.`, `Say “classify ${id}”.`, 'gate');
    }
    const at = clock.now().toString();
    for (const stakeholder of speaking) {
      await tx
        .insertInto('use_case_signatures')
        .values({
          use_case: id,
          stakeholder,
          person: who.id,
          verdict: said.verdict,
          reason: said.reason ?? null,
          revision: row.revision,
          at,
        })
        .execute();
    }
    await opened(tx, row);
    const now = await state(tx, row);
    const next =
      now.complete && row.state === 'idea' ? 'signed' : !now.complete && row.state === 'signed' ? 'idea' : undefined;
    if (next) await rows.update(tx, id, { state: next }, at);
    await outbox.refresh(tx, useCaseCardOf(id));
    return { state: now, for: speaking };
  }

  return {
    state,
    speaksFor: (row: rows.UseCaseRow, who: Signer) => speaksFor(who, row.answers['owner']?.value),
    sign: (tx: Tx, id: string, who: Signer, stakeholder?: Stakeholder) =>
      word(tx, id, who, { verdict: 'signed', stakeholder }),
    object: (tx: Tx, id: string, who: Signer, reason: string, stakeholder?: Stakeholder) =>
      word(tx, id, who, { verdict: 'objected', reason, stakeholder }),

    /** Answers the open objection of a kind of stakeholder; its objector is told and then signs, or objects again. */
    async reply(tx: Tx, id: string, stakeholder: Stakeholder, who: Signer, text: string): Promise<string> {
      await cases.needed(tx, id);
      const last = (await rows.signaturesOf(tx, id)).filter((one) => one.stakeholder === stakeholder).at(-1);
      if (last?.verdict !== 'objected')
        throw new Refused(`Nobody objects for ${stakeholder}.`, `Say “who holds up ${id}”.`);
      const answer = { person: who.id, text, at: clock.now().toString() };
      await tx
        .updateTable('use_case_signatures')
        .set({ answer: JSON.stringify(answer) })
        .where('id', '=', last.id)
        .execute();
      await outbox.say(tx, {
        key: `intake-reply:${last.id}:${answer.at}`,
        kind: 'intake.reply',
        ids: { useCase: id, signature: String(last.id) },
        conversation: `person:${last.person}`,
      });
      await outbox.refresh(tx, useCaseCardOf(id));
      return last.person;
    },

    /** A timer: those who hold it up are reminded, each by themselves. */
    async due(tx: Tx, { useCase, round }: { useCase: string; round: number }): Promise<void> {
      const row = await rows.find(tx, useCase);
      if (row?.state !== 'idea') return;
      const { holding } = await state(tx, row);
      const members = (await deps.people.members()) ?? [];
      for (const { stakeholder } of holding) {
        const signers = members.filter(
          (member) => member.active && speaksFor(member, row.answers['owner']?.value).includes(stakeholder),
        );
        for (const { id } of signers) {
          await outbox.say(tx, {
            key: `intake-signoff:${useCase}:${stakeholder}:${round}:${id}`,
            kind: 'intake.sign-reminder',
            ids: { useCase, stakeholder },
            conversation: `person:${id}`,
          });
        }
      }
      if (holding.length === 0 || round >= MOST_NUDGES) return;
      await jobs.enqueue(
        tx,
        SIGNOFF_NUDGE,
        { useCase, round: round + 1 },
        { at: clock.now().add({ hours: 24 * NUDGE_AFTER_DAYS }) },
      );
    },
  };
}
