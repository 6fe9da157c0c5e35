import { Temporal } from 'temporal-polyfill';

/** What somebody sees in the browser when they sign in for what they said. */
export type SignPage =
  | {
      kind: 'open';
      /** What is signed, line by line. */
      statement: string;
      by: string;
      /** ISO 8601, and the IANA zone it is written in. */
      until: string;
      zone: string;
      /** Where the form goes, beside the page: there may be a path of a proxy before both. */
      path: string;
      /** What came of the last try. */
      says?: string;
    }
  | { kind: 'done' | 'closed'; says: string };

const HEADINGS = { open: 'Sign in to confirm', done: 'Signed and counted', closed: 'Not counted' } as const;

/** The whole page: no script, nothing from elsewhere, light and dark. */
export function signPage(page: SignPage): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${HEADINGS[page.kind]} · Wardroom</title>
<style>
:root { color-scheme: light dark; --ink: light-dark(#242424, #f0f0f0); --quiet: light-dark(#616161, #adadad); --line: light-dark(#d1d1d1, #484848); --main: light-dark(#0f6cbd, #479ef5); }
body { font: 15px/1.5 "Segoe UI", system-ui, sans-serif; margin: 0; background: light-dark(#f5f5f5, #141414); color: var(--ink); }
main { max-width: 34rem; margin: 8vh auto; padding: 2rem 2.25rem; background: light-dark(#fff, #1f1f1f); border: 1px solid var(--line); border-radius: 8px; }
h1 { font-size: 1.3rem; margin: 0 0 .75rem; } p { margin: .75rem 0; }
.said { margin: 1rem 0; padding: .75rem 1rem; border-left: 4px solid var(--main); background: light-dark(#f5f5f5, #292929); overflow-wrap: anywhere; }
.said p { margin: .2rem 0; } .said p:first-child { font-weight: 600; font-size: 1.1rem; }
.quiet { color: var(--quiet); font-size: .9rem; } .last { padding: .6rem .9rem; border: 1px solid light-dark(#d83b01, #f7894a); border-radius: 4px; }
button { font: inherit; font-weight: 600; padding: .55rem 1.25rem; border: 0; border-radius: 4px; background: var(--main); color: light-dark(#fff, #0a0a0a); cursor: pointer; }
button:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
</style></head><body><main><h1>${HEADINGS[page.kind]}</h1>
${page.kind === 'open' ? open(page) : closed(page)}
</main></body></html>
`;
}

function open({ statement, by, until, zone, path, says }: Extract<SignPage, { kind: 'open' }>): string {
  const at = Temporal.Instant.from(until).toZonedDateTimeISO(zone);
  const time = `${String(at.hour).padStart(2, '0')}:${String(at.minute).padStart(2, '0')}`;
  const lines = statement.split('\n').map((line) => `<p>${escaped(line)}</p>`);
  return `${says ? `<p class="last" role="alert">${escaped(says)}</p>` : ''}
<div class="said">${lines.join('')}</div>
<p>Not counted yet. It counts when ${escaped(by)} signs in; the signature covers exactly the words above.</p>
<form method="post" action="${escaped(path)}"><button>${says ? 'Sign in again' : 'Sign in to confirm'}</button></form>
<p class="quiet">Open until ${time} (${escaped(zone)}). If you did not ask for this, close the page and tell whoever looks after Wardroom.</p>`;
}

const closed = ({ kind, says }: Extract<SignPage, { says: string; kind: 'done' | 'closed' }>): string =>
  `<p>${escaped(says)}</p><p class="quiet">${kind === 'done' ? 'You can close this page and go back to Teams.' : 'Go back to Teams and say it again if you still want to.'}</p>`;

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);
