import type { PeerResult } from './peer.ts';
import type { StormResult } from './storm.ts';

const rate = (value: number) => Math.round(value).toLocaleString('en');
const seconds = (value: number) => (Number.isFinite(value) ? `${value.toFixed(1)} s` : 'not at all');

/** The storm in lines that can be pasted into the documentation. */
export function stormTable(result: StormResult): string {
  const windows = result.windows.map(({ most, limit, ms }) => `${most} of ${limit} in ${ms / 1000} s`).join(', ');
  return [
    `A storm: ${rate(result.events)} alerts posted in ${seconds(result.postedIn)} over ${result.groups} groups, PostgreSQL`,
    `  refused deliveries ${result.refused}; alerts kept ${rate(result.kept)}; incidents ${result.incidents}; cards ${result.cards}`,
    `  last card of severity 0 after ${seconds(result.worstFirst)}, last card of all after ${seconds(result.allCards)}; cards of others before it ${result.before}`,
    `  everything told after ${seconds(result.settled)}; most calls of one conversation: ${windows}`,
  ].join('\n');
}

/** Ours commits each delivery before it answers; Alertmanager keeps alerts in memory. */
export const peerTable = (results: readonly PeerResult[]): string =>
  [
    'Alerts in batches of 100 over 8 connections, and one alert until somebody hears of it (ours is durable when it answers, theirs is in memory)',
    ...results.map(
      ({ what, stored, perSecond, webhook }) =>
        `  ${what}, ${rate(stored)} stored: ${rate(perSecond)} alerts/s; outgoing webhook after ${Math.round(webhook.p50)} ms (p50), ${Math.round(webhook.p99)} ms (p99)`,
    ),
  ].join('\n');
