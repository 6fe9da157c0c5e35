/**
 * Cuts secrets out of a log before anybody sees it. Patterns of what Azure, storage, registries and Python programs really
 * print; better one harmless word too many than one key. The order matters: whole connection strings first.
 */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, '(private key)'],
  [/\b(AccountKey|SharedAccessKey|SharedAccessSignature|AccessKey)\s*=\s*[^;\s"']+/gi, '$1=(secret)'],
  [/\b(sig|code|token|access_token|subscription-key|api[-_]?key)=[^&\s"']+/gi, '$1=(secret)'],
  [/\b(Bearer|Basic|SharedKey|SharedAccessSignature)\s+[A-Za-z0-9+/=._~:%&-]{8,}/g, '$1 (secret)'],
  // A JSON Web Token: three parts of base64url, the first of which begins with {" encoded.
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, '(token)'],
  [
    /\b([A-Za-z0-9_.-]*(?:password|passwd|pwd|secret|api[-_]?key|access[-_]?key|client[-_]?secret|connection[-_]?string|token))\b(["']?\s*[:=]\s*["']?)(?!\(secret\))[^\s"',;]+/gi,
    '$1$2(secret)',
  ],
  // user:password@ in an address.
  [/(:\/\/[^/\s:@]+:)[^@\s/]+@/g, '$1(secret)@'],
  [/\b(?:ghp|gho|ghs|github_pat|xox[abpr]|hf|sk)[-_][A-Za-z0-9_-]{16,}/g, '(token)'],
  // 64 bytes in base64, the form of a storage key, wherever it stands.
  [/(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{86}==/g, '(key)'],
];

export const withoutSecrets = (text: string): string =>
  SECRETS.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), text);
