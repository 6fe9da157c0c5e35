import { withoutSecrets } from './redact.ts';

/** Why a run failed, as far as it can be told from its error and its log. */
export const CAUSES = [
  'out-of-memory',
  'quota',
  'data-missing',
  'credential',
  'timeout',
  'preempted',
  'image-build',
  'network',
  'disk',
  'code-error',
  'unknown',
] as const;
export type Cause = (typeof CAUSES)[number];

export interface Diagnosis {
  cause: Cause;
  /** One plain sentence. */
  said: string;
  /** Lines of the log that show it, without secrets. */
  excerpt: string;
  /** Whether the same job may well pass at another try. */
  retry: 'may-help' | 'will-fail-again' | 'unknown';
}

interface Sign {
  cause: Cause;
  pattern: RegExp;
}

/**
 * Signs, the more telling first: a program that ran out of memory also ends with an exit code, and a missing credential
 * also ends in a traceback. The last line that shows the first sign in this order decides.
 */
const SIGNS: readonly Sign[] = [
  {
    cause: 'out-of-memory',
    pattern:
      /out of memory|outofmemory|oom[- ]?kill|memoryerror|unable to allocate|cannot allocate memory|java heap space|exited with code (-9|137)\b|\bkilled\b|exit code:? 137/i,
  },
  { cause: 'preempted', pattern: /preempt|low[- ]priority node.*(lost|evict)|spot.*evict|node.*evicted/i },
  {
    cause: 'quota',
    pattern:
      /quota|exceed(s|ed|ing) (the )?(approved|limit of).*cores|not enough (cores|capacity)|allocationfailed|outofcapacity|skunotavailable/i,
  },
  {
    cause: 'timeout',
    pattern:
      /job ?timeout|exceeded (its|the) (limit of|timeout|maximum (run|execution) time)|execution time limit|timed? ?out (of|after) PT|deadline exceeded/i,
  },
  {
    cause: 'image-build',
    pattern:
      /image ?build|docker build|could not find a version that satisfies|no matching distribution|resolvepackagenotfound|conda.*(failed|conflict)|pull access denied|manifest unknown/i,
  },
  {
    cause: 'credential',
    pattern:
      /authenticationfailed|authenticationerror|clientauthentication|unauthori[sz]ed|\b401\b|\b403\b|forbidden|authorizationfailed|authorizationpermission|permission denied|signature not valid|token (has )?expired|invalid (credential|client secret)|access denied/i,
  },
  {
    cause: 'data-missing',
    pattern:
      /filenotfound|no such file or directory|blobnotfound|specified (blob|path|container) does not exist|streamaccess\.notfound|streamerror\(notfound|dataset.*(not found|does not exist)|pathnotfound|empty (dataset|dataframe)|data ?asset.*not found/i,
  },
  { cause: 'disk', pattern: /no space left on device|disk quota|diskfull|enospc/i },
  {
    cause: 'network',
    pattern:
      /connection (reset|refused|aborted)|name or service not known|temporary failure in name resolution|network is unreachable|etimedout|max retries exceeded|ssl.*(error|handshake)/i,
  },
  {
    cause: 'code-error',
    pattern:
      /traceback \(most recent call last\)|^\w*(error|exception): |exited with code [1-9]\d*\b|segmentation fault|syntaxerror|usererror/im,
  },
];

const SAID: Readonly<Record<Cause, string>> = {
  'out-of-memory': 'It ran out of memory',
  quota: 'There were not enough cores: a quota or the region’s capacity was used up',
  'data-missing': 'Data it reads was not there',
  credential: 'It was not let in: a credential or a permission is missing or has expired',
  timeout: 'It took longer than it may',
  preempted: 'Its low-priority node was taken away',
  'image-build': 'Its environment could not be built',
  network: 'It could not reach a service over the network',
  disk: 'Its disk was full',
  'code-error': 'Its code ended with an error',
  unknown: 'The log does not tell why',
};
const RETRY: Readonly<Record<Cause, Diagnosis['retry']>> = {
  'out-of-memory': 'will-fail-again',
  quota: 'may-help',
  'data-missing': 'unknown',
  credential: 'will-fail-again',
  timeout: 'unknown',
  preempted: 'may-help',
  'image-build': 'will-fail-again',
  network: 'may-help',
  disk: 'will-fail-again',
  'code-error': 'will-fail-again',
  unknown: 'unknown',
};

const LINES = 4;
const LONGEST_LINE = 220;

/** `log` is the end of the run's log; error and log may be missing. */
export function diagnose(error: { code: string; message: string } | undefined, log: string): Diagnosis {
  const lines = log.split(/\r?\n/).filter((line) => line.trim() !== '');
  const told = error ? `${error.code} ${error.message}` : '';
  for (const { cause, pattern } of SIGNS) {
    // The log knows more than the service's own word ("exited with code 1").
    const at = lines.findLastIndex((line) => pattern.test(line));
    if (at >= 0) return found(cause, lines.slice(Math.max(0, at - LINES + 2), at + 2));
  }
  for (const { cause, pattern } of SIGNS)
    if (pattern.test(told)) return found(cause, [...lines.slice(-2), ...(error?.message ? [error.message] : [])]);
  return found('unknown', [...lines.slice(-LINES), ...(error?.message ? [error.message] : [])].slice(-LINES));
}

const found = (cause: Cause, lines: readonly string[]): Diagnosis => ({
  cause,
  said: SAID[cause],
  excerpt: withoutSecrets(lines.join('\n'))
    .split('\n')
    .map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line))
    .slice(-LINES)
    .join('\n'),
  retry: RETRY[cause],
});

export const causeWord = (cause: string): string => cause.replaceAll('-', ' ');
export const retryOf = (cause: string): Diagnosis['retry'] => RETRY[cause as Cause] ?? 'unknown';
