import { open } from 'node:fs/promises';
import { messageOf } from '../services/core/errors.ts';
import { describeProblem, MAX_ORGANISATION_BYTES, readOrganisation } from '../services/core/organisation.load.ts';
import type { Organisation } from '../services/core/organisation.ts';
import { fileFindings, fileNotes } from '../services/windows/index.ts';

/** What `check-config FILE` prints, and the exit code: 0 good, 1 there are problems, 2 the file cannot be read. */
export interface Checked {
  code: 0 | 1 | 2;
  lines: readonly string[];
}

export async function checkConfig(path: string): Promise<Checked> {
  const text = await readOrganisationFile(path).catch((error: unknown) => new Error(why(error)));
  if (text instanceof Error) return { code: 2, lines: [`${path} cannot be read: ${text.message}.`] };
  const { organisation, problems } = readOrganisation(text, path, fileFindings);
  if (organisation)
    return {
      code: 0,
      lines: [`${path} is fine: ${summary(organisation)}.`, ...fileNotes(organisation), ...notes(organisation)],
    };
  const count = problems.length === 1 ? 'One problem' : `${problems.length} problems`;
  return { code: 1, lines: [...problems.map(describeProblem), `${count}; nothing was changed.`] };
}

/**
 * The text of a wardroom.yaml. Reads one byte more than is allowed and no further, so that a wrong path (a log, a device)
 * costs nothing; bytes that are not UTF-8 become U+FFFD, which the reader refuses with a sentence of its own.
 */
export async function readOrganisationFile(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(MAX_ORGANISATION_BYTES + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.toString('utf8', 0, length);
  } finally {
    await file.close();
  }
}

function summary(organisation: Organisation): string {
  const active = organisation.people.filter((person) => person.active).length;
  const left = organisation.people.length - active;
  return [
    `${organisation.name} with ${counted(active, 'person', 'people')}${left > 0 ? ` (and ${left} who left)` : ''}`,
    counted(organisation.teams.length, 'team'),
    counted(organisation.channels.length, 'channel'),
    counted(organisation.workspaces.length, 'workspace'),
    counted(organisation.endpoints.length, 'endpoint'),
    counted(organisation.schedules.length, 'schedule'),
    counted(organisation.escalationPolicies.length, 'escalation policy', 'escalation policies'),
    counted(organisation.approvalPolicies.length, 'approval policy', 'approval policies'),
  ].join(', ');
}

/** What is no mistake, and what people should know before it matters. */
function notes(organisation: Organisation): string[] {
  const { promotions, approvalPolicies } = organisation;
  const policy = approvalPolicies.find(({ id }) => id === promotions.find((each) => each.id === 'high')?.policy);
  return [
    ...(policy && !policy.stepUp
      ? [
          `Note: ${policy.id} decides about models of high risk by votes that nobody signs; stepUp asks every voter to sign in for theirs.`,
        ]
      : []),
    ...unproven(organisation),
  ];
}

/** Models whose tests and reviews nobody looks for. */
function unproven({ endpoints, promotions, repositories }: Organisation): string[] {
  const known = new Set(repositories.map(({ id }) => id));
  return endpoints
    .filter(({ kind }) => kind === 'online')
    .flatMap(({ id, models, business }) => {
      const asked = promotions.find((each) => each.id === business.riskClass)?.evidence ?? {};
      const kinds = (['tests', 'review'] as const).filter((each) => asked[each] !== undefined);
      const bare = kinds.length > 0 ? models.filter((model) => !known.has(model)) : [];
      return bare.map(
        (model) =>
          `Note: ${model} of ${id} is not under repositories, so “${kinds.join('” and “')}” stay missing and no version of it gets to a vote.`,
      );
    });
}

function why(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a directory; name the file in it';
  if (code === 'EACCES') return 'you may not read it';
  return messageOf(error);
}

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
