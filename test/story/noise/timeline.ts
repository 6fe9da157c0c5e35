import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { parse, stringify } from 'yaml';
import { HOOK_KEY, type House, openHouse, START, textOf } from '../../house.ts';

/**
 * A timeline over the moved clock, as Alertmanager's own acceptance tests have it: what is pushed when, and what
 * messages are wanted between when and when. Any message that was not wanted fails the story.
 */
export interface Timeline {
  house: House;
  /** A new story on the same house: seconds count from here, and what was said before is forgotten. `label` marks its alerts. */
  begin(label?: string): Promise<void>;
  /** Ends every alert of the story and lets that be said. */
  finish(): Promise<void>;
  /** Seconds since this story began. */
  at(seconds: number): Promise<void>;
  /** Posts alerts to the Alertmanager hook, at the present instant. */
  push(...alerts: readonly object[]): Promise<void>;
  alert(labels: Record<string, string>, more?: { from?: number; to?: number; note?: string }): object;
  /** The instant of a second of the story, and back. */
  instant(seconds: number): string;
  second(at: string | null): number | null;
  /** New messages in a conversation since the last look, with the second they came at. */
  news(conversation?: string): Promise<{ at: number; text: string; edit: boolean }[]>;
  /**
   * Stops the house and opens it again on what it kept, with other settings when they are given, or after it was away for
   * so many seconds. Needs a `home`.
   */
  restart(options?: { yaml?: string; awaySeconds?: number }): Promise<void>;
  stop(): Promise<void>;
}

/** The words of a message, with a card or without. */
const said = (body: unknown): string => textOf({ attachments: [], ...(body as object) } as never);

export const PLATFORM = '19:ml-platform@thread.tacv2';
const NORTHWIND = new URL('../../../infra/sandbox/northwind.yaml', import.meta.url);

/** A house whose wardroom.yaml is Northwind's with these routes and inhibitions in front. */
export async function openTimeline(
  yaml: string,
  options: { home?: string; env?: Record<string, string>; log?: boolean } = {},
): Promise<Timeline> {
  const folder = mkdtempSync(join(tmpdir(), 'wardroom-noise-'));
  const file = join(folder, 'wardroom.yaml');
  const {
    routes: _routes,
    inhibitions: _inhibitions,
    ...rest
  } = parse(readFileSync(NORTHWIND, 'utf8')) as Record<string, unknown>;
  const northwind = stringify(rest);
  const write = (text: string) => writeFileSync(file, `${northwind}\n${text}\n`);
  const start = () =>
    openHouse({
      ...(options.log ? { log: true } : {}),
      ...(options.home ? { home: options.home } : {}),
      env: { WARDROOM_CONFIG: file, ...options.env },
    });
  write(yaml);
  let house = await start();
  let zero = Temporal.Instant.from(START).epochMilliseconds;
  const now = async () => {
    const answer = (await (await fetch(`${house.url}/sandbox/clock`)).json()) as { now: string };
    return Temporal.Instant.from(answer.now).epochMilliseconds;
  };
  let seen = 0;
  let mark: string | undefined;
  let pushed = new Map<string, { labels: Record<string, string> }>();
  zero = await now();
  const instant = (seconds: number) =>
    Temporal.Instant.fromEpochMilliseconds(zero + Math.round(seconds * 1000)).toString();
  const post = async (alerts: readonly object[]) => {
    const answer = await fetch(`${house.url}/hooks/alertmanager`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${HOOK_KEY}` },
      body: JSON.stringify({ version: '4', groupKey: 'g', receiver: 'wardroom', alerts }),
    });
    if (answer.status !== 200) throw new Error(`the hook answered ${answer.status}: ${await answer.text()}`);
    await house.advance('PT0.001S');
  };
  return {
    get house() {
      return house;
    },
    async restart({ yaml: text, awaySeconds = 0 } = {}) {
      await house.stop();
      if (text !== undefined) write(text);
      if (awaySeconds > 0) {
        const clock = join(options.home ?? '', 'sandbox', 'clock.json');
        const kept = JSON.parse(readFileSync(clock, 'utf8')) as { at: number; shift: number };
        writeFileSync(clock, JSON.stringify({ ...kept, at: kept.at + awaySeconds * 1000 }));
      }
      house = await start();
    },
    async begin(label) {
      await house.advance('PT1S');
      zero = await now();
      seen = Math.max(seen, ...(await house.transcript(seen)).map(({ number }) => number));
      mark = label;
      pushed = new Map();
    },
    async finish() {
      const ended = [...pushed.values()].map(({ labels }) => ({ status: 'resolved', labels }));
      if (ended.length > 0) await post(ended);
      await house.advance('PT10S');
    },
    async at(seconds) {
      const ahead = zero + Math.round(seconds * 1000) - (await now());
      if (ahead > 0) await house.advance(`PT${ahead / 1000}S`);
    },
    async push(...alerts) {
      for (const one of alerts as { labels: Record<string, string> }[]) pushed.set(JSON.stringify(one.labels), one);
      await post(alerts);
    },
    instant,
    second: (at) => (at === null ? null : (Date.parse(at) - zero) / 1000),
    alert: (labels, { from, to, note } = {}) => ({
      status: to === undefined ? 'firing' : 'resolved',
      labels: mark === undefined ? labels : { ...labels, story: mark },
      annotations: { summary: `${Object.values(labels).join(' ')}${note ? ` ${note}` : ''} fires` },
      ...(from === undefined ? {} : { startsAt: instant(from) }),
      ...(to === undefined ? {} : { endsAt: instant(to) }),
    }),
    async news(conversation = PLATFORM) {
      const calls = await house.transcript(seen);
      const found = calls.filter(
        (call) =>
          ['create', 'edit'].includes(call.operation) &&
          call.status < 300 &&
          String(call['place']).startsWith(conversation),
      );
      seen = Math.max(seen, ...calls.map(({ number }) => number));
      return found.map((call) => ({
        at: (Temporal.Instant.from(call.at).epochMilliseconds - zero) / 1000,
        text: said(call['body']),
        edit: call.operation === 'edit',
      }));
    },
    async stop() {
      await house.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
