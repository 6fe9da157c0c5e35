import type { RolloutStep } from '../../services/approvals/index.ts';
import { Refused } from '../../services/core/errors.ts';

/** How people write versions and plans. */

/** "fraud-detector:8" */
export function readModel(text: string): { name: string; version: string } {
  const [, name, version] = /^([A-Za-z0-9][\w.-]{0,254}):(\d{1,9})$/.exec(text.trim()) ?? [];
  if (name === undefined || version === undefined)
    throw new Refused(`"${text.slice(0, 60)}" is no model version.`, 'Write name:version, such as fraud-detector:8.');
  return { name, version };
}

const MOST_STEPS = 10;
const UNITS: Readonly<Record<string, number>> = {
  m: 1,
  min: 1,
  mins: 1,
  minute: 1,
  minutes: 1,
  h: 60,
  hr: 60,
  hrs: 60,
  hour: 60,
  hours: 60,
  d: 1440,
  day: 1440,
  days: 1440,
  week: 10_080,
  weeks: 10_080,
};

/** "mirror 20 for 24h, 10 for 4h, 50 for 4h, 100", or as cards say it: each step with its share and how long it is looked at. */
export function readSteps(text: string): RolloutStep[] {
  const parts = text
    .split(/,|;|→|->|\b(?:and )?then\b|\band\b/i)
    .map((part) => part.trim())
    .filter(Boolean);
  if (parts.length > MOST_STEPS) throw new Refused(`The plan has ${parts.length} steps; I take up to ${MOST_STEPS}.`);
  return parts.map((part, index): RolloutStep => {
    const [, before, percent, after, amount, unit] =
      /^(mirror|shadow)?\s*(\d{1,3}(?:\.\d+)?)\s*%?\s*(mirrored|live)?(?:\s*for\s*(\d{1,4})\s*([a-z]+))?$/i.exec(
        part,
      ) ?? [];
    const mirror = before !== undefined || after?.toLowerCase() === 'mirrored';
    const minutes = amount === undefined ? 0 : Number(amount) * (UNITS[unit?.toLowerCase() ?? ''] ?? Number.NaN);
    if (percent === undefined || Number.isNaN(minutes))
      throw new Refused(
        `I cannot read step ${index + 1}, "${part.slice(0, 60)}".`,
        'Write a plan such as “mirror 20 for 24h, 10 for 4h, 50 for 4h, 100”.',
      );
    return { kind: mirror ? 'mirror' : 'live', percent: Number(percent), minutes };
  });
}
