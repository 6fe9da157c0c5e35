import { open } from 'node:fs/promises';
import { PROVES, verifyDossier } from '../services/approvals/dossier.rules.ts';
import { messageOf } from '../services/core/errors.ts';

const MOST_BYTES = 64 * 1024 * 1024;

/** What `audit verify FILE` prints: 0 it holds, 1 it does not, 2 the file cannot be read. Asks nobody, changes nothing. */
export async function verifyFile(path: string): Promise<{ code: 0 | 1 | 2; lines: readonly string[] }> {
  let text: string;
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > MOST_BYTES)
        return { code: 2, lines: [`${path} has more than ${MOST_BYTES / 1024 / 1024} MB: no decision is that large.`] };
      text = await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    return { code: 2, lines: [`${path} cannot be read: ${messageOf(error)}.`] };
  }
  const { ok, findings, anchors, summary } = verifyDossier(text);
  return {
    code: ok ? 0 : 1,
    lines: [
      summary,
      ...findings.map((finding) => `  ${finding.ok ? '✔' : '✖'} ${finding.what}`),
      ...(ok ? ['', ...PROVES, ...anchors.map(({ seq, hash }) => `Anchor: entry ${seq} has the hash ${hash}`)] : []),
    ],
  };
}
