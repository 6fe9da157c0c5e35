import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { counted, plain } from '../parts/text.ts';
import { headline } from '../parts/words.ts';

export interface EndpointsView {
  now: Temporal.Instant;
  endpoints: readonly {
    name: string;
    workspace: string;
    owner: string;
    purpose: string;
    /** No deployment gets traffic. */
    stopped: boolean;
    incidents: readonly string[];
  }[];
}

/** A table of contents rather than a search result: most organisations see all of theirs. */
const ENDPOINTS_SHOWN = 12;

/** The endpoints of the organisation, those with trouble first. */
export function endpointsCard({ now, endpoints }: EndpointsView): Card {
  const ranked = [...endpoints].sort(
    (a, b) =>
      b.incidents.length - a.incidents.length || Number(b.stopped) - Number(a.stopped) || a.name.localeCompare(b.name),
  );
  const open = ranked.filter(({ incidents }) => incidents.length > 0);
  const stopped = ranked.filter((each) => each.stopped);
  const words =
    endpoints.length === 0
      ? 'No endpoint is listed in wardroom.yaml'
      : `${counted(endpoints.length, 'endpoint')}, ${open.length === 0 ? 'nothing open' : `${open.length} with an open incident`}${stopped.length === 0 ? '' : `, ${stopped.length} stopped`}`;
  return card({
    summary: words,
    headline: headline(words),
    details: [
      list(
        ranked.map(({ name, owner, purpose, workspace, stopped: out, incidents }) => ({
          text: `${incidents.length > 0 ? '▲' : out ? '■' : '✔'} **${plain(name, 63)}** · ${plain(owner, 60)}${out ? ' · stopped' : ''}${incidents.length > 0 ? ` · ${plain(incidents.join(', '), 80)}` : ''}`,
          detail: `${plain(purpose, 160)} (${plain(workspace, 60)})`,
          select: act({ title: `Show ${name}`, verb: 'fleet.endpoint', ids: { endpoint: name } }),
        })),
        { shown: ENDPOINTS_SHOWN },
      ),
    ],
    actions: actions(
      [...new Set([...open, ...stopped])]
        .slice(0, 2)
        .map(({ name }) => act({ title: `Show ${name}`, verb: 'fleet.endpoint', ids: { endpoint: name } })),
    ),
    foot: foot(now, 'wardroom.yaml, the incidents and an hourly look at Azure'),
    wide: true,
  });
}
