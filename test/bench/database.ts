import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** A database of its own on this server; its URL. */
export async function freshDatabase(server: string): Promise<string> {
  const name = `bench_${randomUUID().slice(0, 8)}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}
