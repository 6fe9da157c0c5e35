import { createRequire } from 'node:module';
import { isRecord } from './walk.ts';

interface Events {
  eventCount: number;
  getEventAt(index: number): { message: string };
}
interface Parsed {
  parse(card: unknown, context: Events): void;
  validateProperties(): { validationEvents: { message: string }[] };
}

/** The package's `lib` build does not load in Node (imports without extensions); its bundle does. */
const library: unknown = createRequire(import.meta.url)('adaptivecards/dist/adaptivecards.js');
const build = <T>(name: string): T => {
  const made: unknown = isRecord(library) ? library[name] : undefined;
  if (typeof made !== 'function') throw new Error(`adaptivecards has no ${name}`);
  return Reflect.construct(made, []) as T;
};

const TEAMS_ONLY =
  /^Unknown element type "(Badge|ProgressBar|Chart\.[A-Za-z.]+)"\. Fallback will be used if present\.$/;

/** What Microsoft's own parser has to say, but for the Teams elements that it cannot know. */
export function parserProblems(card: unknown): string[] {
  const context = build<Events>('SerializationContext');
  const parsed = build<Parsed>('AdaptiveCard');
  parsed.parse(structuredClone(card), context);
  const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
  const problems = parsed.validateProperties().validationEvents.map(({ message }) => message);
  return [...events.filter((message) => !TEAMS_ONLY.test(message)), ...problems];
}
