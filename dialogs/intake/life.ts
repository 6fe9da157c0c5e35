import type { Temporal } from 'temporal-polyfill';
import type { UseCaseView } from '../../cards/intake/use-case.ts';
import { stateWord } from '../../services/approvals/index.ts';
import type { LinkRow } from '../../services/intake/index.ts';
import type { Rooms } from '../rooms.ts';
import type { Reader } from './view.ts';

type Life = Pick<UseCaseView, 'cost' | 'concerns' | 'decisions' | 'incidents' | 'incidentsOver' | 'paths'>;

const MOST = 20;
const MOST_DECISIONS = 5;

/** What happens to a use case once something carries it: cost, incidents, decisions, concerns, and who is called. */
export async function lifeOf(
  rooms: Rooms,
  useCase: string,
  links: readonly LinkRow[],
  now: Temporal.Instant,
  reader: Reader | undefined,
): Promise<Life> {
  const { db, alerts, approvals, concerns, intake, people } = rooms;
  const endpoints = carriers(rooms, links);
  const [open, over, raised, decided, set, cost] = await Promise.all([
    Promise.all(endpoints.map((endpoint) => alerts.openOn(db, endpoint))),
    Promise.all(endpoints.map((endpoint) => alerts.countOver(db, endpoint))),
    concerns.about(db, { useCase, endpoints }, MOST),
    approvals.about(db, endpoints, MOST_DECISIONS),
    intake.paths.of(db, useCase),
    costOf(rooms, endpoints, now, reader),
  ]);
  const names = (kind: 'performance' | 'ethics', between: string) =>
    set
      .find((each) => each.kind === kind)
      ?.people.map(people.nameOf)
      .join(between);
  const [performance, ethics] = [names('performance', ', then '), names('ethics', ' and ')];
  const ended = over.reduce((sum, count) => sum + count, 0);
  return {
    incidents: await Promise.all(
      open.flat().map(async ({ id }) => ({ id, title: (await alerts.find(db, id))?.title ?? '' })),
    ),
    ...(ended > 0 ? { incidentsOver: ended } : {}),
    concerns: raised,
    decisions: decided.map((row) => ({ id: row.id, title: row.title, state: stateWord(row) })),
    ...(performance || ethics
      ? { paths: { ...(performance ? { performance } : {}), ...(ethics ? { ethics } : {}) } }
      : {}),
    ...(cost ? { cost } : {}),
  };
}

/** The endpoints that are linked, and those that serve a linked model. */
function carriers({ organisation }: Rooms, links: readonly LinkRow[]): string[] {
  const models = new Set(links.filter(({ kind }) => kind === 'model').map(({ target }) => target));
  const serving = organisation.endpoints.filter(({ models: served }) =>
    served.some((model) => models.has(model.split(':')[0] ?? model)),
  );
  const named = links.filter(({ kind }) => kind === 'endpoint').map(({ target }) => target);
  return [...new Set([...named, ...serving.map(({ id }) => id)])];
}

/** From the cost store, as far as this reader may see it; on a card for everybody only what everybody may. */
async function costOf(
  { cost, db }: Rooms,
  endpoints: readonly string[],
  now: Temporal.Instant,
  reader: Reader | undefined,
): Promise<UseCaseView['cost']> {
  if (endpoints.length === 0) return undefined;
  const sight = cost.sight({ id: reader?.id ?? '', roles: reader?.roles ?? [] } as Parameters<typeof cost.sight>[0]);
  const today = now.toZonedDateTimeISO('UTC').toPlainDate();
  const since = await cost.knownSince(db);
  if (!since) return undefined;
  const sum = async (from: Temporal.PlainDate) => {
    const seen = await Promise.all(
      endpoints.map((value) =>
        cost.seen({ from, to: today }, 'actual', sight, { subject: { dimension: 'endpoint', value }, at: db }),
      ),
    );
    const by = new Map<string, number>();
    for (const { currency, amount } of seen.flat()) by.set(currency, (by.get(currency) ?? 0) + Number(amount));
    return [...by].map(([currency, amount]) => ({ amount: amount.toFixed(2), currency }));
  };
  const [month, total] = [await sum(today.with({ day: 1 })), await sum(since)];
  // Nothing was seen at all: it is not theirs to see, or nothing was billed; neither is a cost of 0.
  if (total.length === 0) return undefined;
  return { month, total, since: since.toString() };
}
