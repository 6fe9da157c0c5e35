import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type House, type Message, openHouse, textOf } from '../../house.ts';

/** A message: its one line, and every word on its card. */
export interface News {
  says: string;
  text: () => string;
}

/** A house with escalation policies of its own, and what a story about paging needs to see. */
export interface Pager {
  house: House;
  /** An alert of this endpoint, by Alertmanager's webhook; `of` tells alerts of one endpoint apart. */
  fire(endpoint: string, more?: { of?: string; severity?: string; status?: 'firing' | 'resolved' }): Promise<void>;
  /** The id of the only open incident of this endpoint. */
  open(endpoint: string): Promise<string>;
  /** What the bot said one to one to this person since the last time they were asked about. */
  news(person: string): Promise<News[]>;
  /** What stands in the channel now. */
  channel(conversation?: string): Promise<Message[]>;
  /** What the bot answers to these words, one to one. */
  ask(person: string, text: string): Promise<string>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const NORTHWIND = new URL('../../../infra/sandbox/northwind.yaml', import.meta.url);
export const FRAUD_OPS = '19:fraud-ops@thread.tacv2';

/** Northwind with other policies, and other words where they are needed. */
export function northwind(policies: string, changes: readonly (readonly [string | RegExp, string])[] = []): string {
  let text = readFileSync(NORTHWIND, 'utf8');
  text = text.replace(/^escalationPolicies:\n(?:[ #].*\n|\n)*?(?=# ---)/m, `escalationPolicies:\n${policies}\n`);
  for (const [from, to] of changes) {
    if (typeof from === 'string' ? !text.includes(from) : !from.test(text)) throw new Error(`northwind has no ${from}`);
    text = text.replace(from, to);
  }
  return text;
}

export async function openPager(yaml: string, env: Record<string, string> = {}): Promise<Pager> {
  const home = mkdtempSync(join(tmpdir(), 'wardroom-'));
  const file = join(home, 'wardroom.yaml');
  writeFileSync(file, yaml);
  const options = { home, env: { WARDROOM_CONFIG: file, ...env } };
  let house = await openHouse(options);
  const seen = new Map<string, Set<string>>();

  const bots = async (person: string) =>
    (await house.messages(person, 'personal')).filter(({ from, deleted }) => from.kind === 'bot' && !deleted);

  return {
    get house() {
      return house;
    },
    async fire(endpoint, { of = 'HighLatency', severity = 'warning', status = 'firing' } = {}) {
      const state = (await (await fetch(`${house.url}/sandbox/state`)).json()) as { now: string };
      const startsAt = state.now;
      const answer = await house.hook('/hooks/alertmanager', {
        version: '4',
        groupKey: `{}:{alertname="${of}"}`,
        status,
        receiver: 'wardroom',
        groupLabels: {},
        commonLabels: {},
        commonAnnotations: {},
        externalURL: 'https://prometheus.example',
        alerts: [
          {
            status,
            labels: { alertname: of, endpoint, severity },
            annotations: { summary: `${of} of ${endpoint}` },
            startsAt,
            endsAt: status === 'resolved' ? startsAt : '0001-01-01T00:00:00Z',
            generatorURL: 'https://prometheus.example/graph',
            fingerprint: `${endpoint}${of}`,
          },
        ],
      });
      if (answer.status !== 200) throw new Error(`the hook answered ${answer.status}: ${await answer.text()}`);
      await house.advance('PT3S');
    },
    async open(endpoint) {
      const found = await house.app.rooms.alerts.openOn(house.app.rooms.db, endpoint);
      if (found.length !== 1 || !found[0]) throw new Error(`${found.length} incidents of ${endpoint} are open`);
      return found[0].id;
    },
    async news(person) {
      const known = seen.get(person) ?? new Set<string>();
      const fresh = (await bots(person)).filter(({ id }) => !known.has(id));
      for (const { id } of fresh) known.add(id);
      seen.set(person, known);
      return fresh.map((message) => ({ says: message.summary ?? message.text, text: () => textOf(message) }));
    },
    channel: (conversation = FRAUD_OPS) => house.messages('ann', conversation),
    async ask(person, text) {
      await house.say(person, 'personal', text);
      const last = (await bots(person)).at(-1);
      const known = seen.get(person) ?? new Set<string>();
      if (last) seen.set(person, known.add(last.id));
      return `${last?.summary ?? ''} | ${textOf(last)}`;
    },
    async restart() {
      await house.stop();
      house = await openHouse(options);
    },
    async stop() {
      await house.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
