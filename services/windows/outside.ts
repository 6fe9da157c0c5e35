import { Refused } from '../core/errors.ts';
import { MOST_ICS_BYTES } from './ics.ts';

/** Hosts of others. Addresses inside are refused unless the configuration allows them (services/azure/outbound.ts). */
export interface Outside {
  send(call: OutsideCall): Promise<{ status: number; body: string }>;
}

export interface OutsideCall {
  method: 'GET' | 'POST';
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** More than this is not read. */
  mostBytes?: number;
}

/** The text of a calendar somewhere else. */
export const fetchCalendar =
  (outside: Outside) =>
  async (url: string): Promise<string> => {
    const { status, body } = await outside.send({ method: 'GET', url, mostBytes: MOST_ICS_BYTES });
    if (status !== 200)
      throw new Refused(`${new URL(url).host} answered ${status}.`, 'Check the address; it must need no sign-in.');
    return body;
  };
