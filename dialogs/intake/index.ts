import type { Domain } from '../capability.ts';
import { above } from './above.ts';
import { answer } from './answer.ts';
import { ask } from './ask.ts';
import { assess } from './assess.ts';
import { call } from './call.ts';
import { carry } from './carry.ts';
import { classify } from './classify.ts';
import { decide } from './decide.ts';
import { exportAll } from './export-all.ts';
import { giveGap } from './give-gap.ts';
import { kpis } from './kpis.ts';
import { link } from './link.ts';
import { list } from './list.ts';
import { measure } from './measure.ts';
import { notices } from './notices.ts';
import { object } from './object.ts';
import { paths } from './paths.ts';
import { pilot } from './pilot.ts';
import { planPilot } from './plan-pilot.ts';
import { questions } from './questions.ts';
import { rank } from './rank.ts';
import { readiness } from './readiness.ts';
import { refresh } from './refresh.ts';
import { reply } from './reply.ts';
import { result } from './result.ts';
import { risk } from './risk.ts';
import { score } from './score.ts';
import { show } from './show.ts';
import { showWeights } from './show-weights.ts';
import { sign } from './sign.ts';
import { step } from './step.ts';
import { stepCase } from './step-case.ts';
import { stepSection } from './step-section.ts';
import { submit } from './submit.ts';
import { weigh } from './weigh.ts';
import { weights } from './weights.ts';
import { withdraw } from './withdraw.ts';

/** From an idea to a portfolio that people believe. */
export const intake: Domain = {
  name: 'intake',
  capabilities: [
    submit,
    step,
    list,
    show,
    answer,
    stepSection,
    ask,
    questions,
    score,
    rank,
    above,
    weights,
    showWeights,
    classify,
    risk,
    sign,
    object,
    reply,
    weigh,
    stepCase,
    kpis,
    carry,
    pilot,
    planPilot,
    result,
    measure,
    refresh,
    decide,
    readiness,
    assess,
    giveGap,
    link,
    paths,
    call,
    withdraw,
    exportAll,
  ],
  notices,
};
