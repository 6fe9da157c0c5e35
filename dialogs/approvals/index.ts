import type { Domain } from '../capability.ts';
import { ab } from './ab.ts';
import { abList } from './ab-list.ts';
import { abRead } from './ab-read.ts';
import { abStart } from './ab-start.ts';
import { abStep } from './ab-step.ts';
import { abStop } from './ab-stop.ts';
import { abort } from './abort.ts';
import { accept } from './accept.ts';
import { adjourn } from './adjourn.ts';
import { agenda } from './agenda.ts';
import { attach } from './attach.ts';
import { cardStep } from './card-step.ts';
import { comment } from './comment.ts';
import { compare } from './compare.ts';
import { condition } from './condition.ts';
import { delegate } from './delegate.ts';
import { delegations } from './delegations.ts';
import { deviation } from './deviation.ts';
import { deviations } from './deviations.ts';
import { dossier } from './dossier.ts';
import { editCard } from './edit-card.ts';
import { emergency } from './emergency.ts';
import { evidence } from './evidence.ts';
import { history } from './history.ts';
import { historyExport } from './history-export.ts';
import { hold } from './hold.ts';
import { list } from './list.ts';
import { meet } from './meet.ts';
import { minutes } from './minutes.ts';
import { modelCard } from './model-card.ts';
import { note } from './note.ts';
import { notices } from './notices.ts';
import { putBack } from './put-back.ts';
import { quality } from './quality.ts';
import { refresh } from './refresh.ts';
import { replan } from './replan.ts';
import { request } from './request.ts';
import { resume } from './resume.ts';
import { review } from './review.ts';
import { rollback } from './rollback.ts';
import { rollout } from './rollout.ts';
import { rollouts } from './rollouts.ts';
import { show } from './show.ts';
import { submit } from './submit.ts';
import { takeBack } from './take-back.ts';
import { vote } from './vote.ts';
import { withdraw } from './withdraw.ts';

/** Requests, votes, and the changes they allow. */
export const approvals: Domain = {
  name: 'approvals',
  capabilities: [
    list,
    show,
    vote,
    rollback,
    emergency,
    review,
    withdraw,
    rollouts,
    rollout,
    hold,
    resume,
    abort,
    quality,
    deviations,
    deviation,
    accept,
    putBack,
    dossier,
    ab,
    abStep,
    abStart,
    abRead,
    abList,
    abStop,
    compare,
    history,
    historyExport,
    condition,
    comment,
    ...[request, submit, replan, evidence, refresh, attach, modelCard, editCard, cardStep],
    ...[delegate, takeBack, delegations],
    ...[agenda, meet, note, adjourn, minutes],
  ],
  notices,
};
