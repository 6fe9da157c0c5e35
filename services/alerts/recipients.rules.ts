import type { Temporal } from 'temporal-polyfill';
import type { EscalationTarget } from '../core/organisation.ts';
import type { PlannedStep } from './escalation.rules.ts';

/** What is needed to turn targets into people; all of it answers for one instant. */
export interface Directory {
  onCall: (schedule: string, at: Temporal.Instant) => readonly string[];
  withRole: (role: string) => readonly string[];
  /** Known and active. */
  reachable: (person: string) => boolean;
  channelExists: (channel: string) => boolean;
  fallbackChannel: string;
}

export interface Recipients {
  /** Each person once, however many targets and due steps name them; `via` says why they are told. */
  people: readonly { person: string; via: string; step: number }[];
  channels: readonly { channel: string; via: string; step: number }[];
  /** Targets that reached nobody, in words for the card and the log. */
  problems: readonly string[];
  /** The fallback channel is among `channels`, because nobody else was reached. */
  fallback: boolean;
}

/**
 * Who is told by these steps. A target that reaches nobody never hides the others; when all of them reach nobody, the
 * fallback channel is told, with the reason.
 */
export function recipients(steps: readonly PlannedStep[], at: Temporal.Instant, directory: Directory): Recipients {
  const people = new Map<string, { person: string; via: string; step: number }>();
  const channels = new Map<string, { channel: string; via: string; step: number }>();
  const problems: string[] = [];
  for (const step of steps) {
    if (step.notify.length === 0) problems.push(`step ${step.number} of ${step.policy || 'the policy'} names nobody`);
    for (const target of step.notify) {
      if ('channel' in target) {
        const { channel } = target;
        const entry = { channel, via: `channel ${channel}`, step: step.number };
        if (!directory.channelExists(channel)) problems.push(`channel ${channel} is not known`);
        else if (!channels.has(channel)) channels.set(channel, entry);
        continue;
      }
      const { found, via, nobody } = peopleOf(target, at, directory);
      const reached = found.filter(directory.reachable);
      if (reached.length === 0) problems.push(found.length > 0 ? `${found.join(', ')} cannot be reached` : nobody);
      for (const person of reached) if (!people.has(person)) people.set(person, { person, via, step: step.number });
    }
  }
  const fallback = steps.length > 0 && people.size === 0 && channels.size === 0;
  if (fallback) {
    const channel = directory.fallbackChannel;
    channels.set(channel, { channel, via: `fallback: ${problems.join('; ')}`, step: steps.at(-1)?.number ?? 1 });
  }
  return { people: [...people.values()], channels: [...channels.values()], problems, fallback };
}

function peopleOf(target: Exclude<EscalationTarget, { channel: string }>, at: Temporal.Instant, directory: Directory) {
  if ('person' in target) return { found: [target.person], via: 'by name', nobody: '' };
  if ('schedule' in target) {
    const { schedule } = target;
    const nobody = `nobody is on call in ${schedule}`;
    return { found: directory.onCall(schedule, at), via: `on call in ${schedule}`, nobody };
  }
  const { role } = target;
  return { found: directory.withRole(role), via: `holds the role ${role}`, nobody: `nobody holds the role ${role}` };
}
