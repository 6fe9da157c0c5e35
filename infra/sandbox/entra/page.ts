import type { IssuerPerson } from './issuer.ts';

/** The page where a person of the sandbox says who they are, and how the sign-in should go. */
export function signInPage(view: {
  people: readonly IssuerPerson[];
  hinted: IssuerPerson | undefined;
  acrs: string | undefined;
}): string {
  const { people, hinted, acrs } = view;
  const others = people.filter((person) => person !== hinted);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sandbox sign-in</title>
<style>
:root { color-scheme: light dark; --line: light-dark(#d1d1d1, #484848); --main: light-dark(#0f6cbd, #479ef5); }
body { font: 15px/1.5 "Segoe UI", system-ui, sans-serif; margin: 0; background: light-dark(#f5f5f5, #141414); color: light-dark(#242424, #f0f0f0); }
main { max-width: 26rem; margin: 6vh auto; padding: 1.75rem 2rem; background: light-dark(#fff, #1f1f1f); border: 1px solid var(--line); border-radius: 8px; }
h1 { font-size: 1.25rem; margin: 0 0 .25rem; } p { margin: .25rem 0 1rem; color: light-dark(#616161, #adadad); }
button { font: inherit; padding: .5rem .9rem; border-radius: 4px; border: 1px solid var(--line); background: transparent; color: inherit; cursor: pointer; }
button.main { display: block; width: 100%; background: var(--main); border-color: var(--main); color: light-dark(#fff, #0a0a0a); font-weight: 600; }
fieldset { border: 0; padding: 0; margin: 1rem 0 0; } legend { padding: 0; color: light-dark(#616161, #adadad); }
.others { display: flex; flex-wrap: wrap; gap: .4rem; margin-top: .4rem; } label { display: block; }
</style></head><body><main>
<h1>Sandbox sign-in</h1>
<p>Stands in for Microsoft Entra and asks for no password.${acrs ? ` Authentication context ${escaped(acrs)} is asked for.` : ''}</p>
<form method="post">
${hinted ? `<button class="main" name="as" value="${escaped(hinted.id)}">Sign in as ${escaped(hinted.name)}</button>` : ''}
<fieldset><legend>How it goes</legend>
<label><input type="radio" name="how" value="now" checked> a fresh sign-in</label>
<label><input type="radio" name="how" value="old"> one of two hours ago</label>
<label><input type="radio" name="how" value="bare"> without the time of it (auth_time)</label>
${acrs ? '<label><input type="radio" name="how" value="weak"> without the authentication context</label>' : ''}
</fieldset>
<fieldset><legend>${hinted ? 'Somebody else' : 'Who signs in'}</legend><div class="others">
${others.map(({ id, name }) => `<button name="as" value="${escaped(id)}">${escaped(name)}</button>`).join('\n')}
</div></fieldset>
<fieldset><button name="as" value="cancel">Cancel</button></fieldset>
</form></main></body></html>
`;
}

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);
