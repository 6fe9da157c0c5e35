import { describe, expect, it } from 'vitest';
import { type Cause, diagnose } from '../../../services/training/causes.rules.ts';
import { withoutSecrets } from '../../../services/training/redact.ts';

const NOISE = Array.from(
  { length: 50 },
  (_, i) => `2026-11-23T10:00:${String(i).padStart(2, '0')}Z INFO step ${i} done`,
).join('\n');

describe('why a run failed', () => {
  it.each<[Cause, string, string]>([
    ['out-of-memory', 'UserError Execution failed. User process exited with code -9.', 'Killed'],
    ['out-of-memory', '', 'torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB'],
    ['out-of-memory', '', 'java.lang.OutOfMemoryError: Java heap space'],
    ['quota', 'ResourceOperationFailure QuotaExceeded: approved standardDSv5Family Cores quota', ''],
    ['quota', '', 'AllocationFailed: not enough capacity in region'],
    ['data-missing', '', "FileNotFoundError: [Errno 2] No such file or directory: '/mnt/x.parquet'"],
    ['data-missing', 'DataAccessError The specified blob does not exist.', ''],
    ['credential', '', 'azure.core.exceptions.ClientAuthenticationError: AuthenticationFailed'],
    ['credential', '', 'HTTP 403 Forbidden: AuthorizationPermissionMismatch'],
    ['timeout', 'JobTimeout exceeded its limit of 7200 seconds', ''],
    ['preempted', '', 'Received SIGTERM: low priority node is being preempted'],
    ['image-build', '', 'ERROR: No matching distribution found for scikit-learn==1.9.9'],
    ['network', '', 'requests.exceptions.ConnectionError: Max retries exceeded with url'],
    ['disk', '', 'OSError: [Errno 28] No space left on device'],
    [
      'code-error',
      'UserError exited with code 1',
      'Traceback (most recent call last):\n  File "train.py"\nKeyError: \'x\'',
    ],
    ['unknown', '', 'all went well until it did not'],
    ['unknown', '', ''],
  ])('is %s by “%s” and “%s”', (cause, error, log) => {
    const [code = '', ...rest] = error.split(' ');
    const said = error === '' ? undefined : { code, message: rest.join(' ') };
    expect(diagnose(said, `${NOISE}\n${log}`).cause).toBe(cause);
  });

  it('prefers the cause behind a traceback to the traceback', () => {
    const log = 'Traceback (most recent call last):\n  File "train.py", line 1\nMemoryError: Unable to allocate 58 GiB';
    expect(diagnose({ code: 'UserError', message: 'exited with code 1' }, log)).toMatchObject({
      cause: 'out-of-memory',
      retry: 'will-fail-again',
    });
  });

  it('shows the lines around the sign, and not the log', () => {
    const { excerpt } = diagnose(undefined, `${NOISE}\nKilled\n`);
    expect(excerpt.split('\n').length).toBeLessThanOrEqual(4);
    expect(excerpt).toContain('Killed');
  });
});

describe('secrets in a log', () => {
  const KEY = `${'c2VjcmV0'.repeat(10)}c2VjcmA=`.slice(0, 86);
  it.each([
    ['DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc123==;EndpointSuffix=x', 'abc123'],
    ['GET https://a.blob.core.windows.net/x?sv=1&sig=aGVsbG8%3D&se=2', 'aGVsbG8'],
    ['Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'eyJhbGci'],
    ['token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln here', 'eyJzdWIi'],
    ['export DB_PASSWORD="hunter2-long"', 'hunter2'],
    ["client_secret: 'xyz~123.abc'", 'xyz~123'],
    ['postgres://ann:s3cr3t@db.example/x', 's3cr3t'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----', 'MIIEow'],
    [`key ${KEY}== end`, KEY],
    ['git clone https://ghp_abcdefghijklmnopqrstuvwx@github.com/x', 'ghp_abcdef'],
    ['HF_TOKEN=hf_abcdefghijklmnopqrstuvwxyz', 'hf_abc'],
  ])('are cut out of %s', (text, secret) => {
    const clean = withoutSecrets(text);
    expect(clean).not.toContain(secret);
    expect(clean).toMatch(/\((secret|token|key|private key)\)/);
  });
  it('leaves the rest as it is', () => {
    const log = 'epoch 12/60 loss=0.2311 lr=0.05 KeyError: merchant_category in train.py line 88';
    expect(withoutSecrets(log)).toBe(log);
  });
});
