import { createCipheriv, createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Db } from '../store/store.ts';
import type { Ids } from './ids.ts';

const KEY = 'seal:key';
const [NONCE_BYTES, TAG_BYTES] = [12, 16];
/** Longer than any address that a browser asks for. */
const LONGEST = 8_192;

const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
/** Whether two secrets are the same, in a time that does not tell where they differ, or how long they are. */
export const sameSecret = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b));

/**
 * Words that travel through an address and nobody on the way shall read or change: AES-256-GCM (NIST SP 800-38D) under a key
 * of this house. The nonce is made from the words, so the same words are always the same seal, and a card that is drawn again
 * is the same card; of two different words it differs but with negligible chance.
 */
export function seal(key: Buffer) {
  const part = (name: string) => createHmac('sha256', key).update(name).digest();
  const [cipherKey, nonceKey] = [part('cipher'), part('nonce')];
  return {
    close(words: Buffer): string {
      const nonce = createHmac('sha256', nonceKey).update(words).digest().subarray(0, NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', cipherKey, nonce);
      const body = Buffer.concat([cipher.update(words), cipher.final()]);
      return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url');
    },

    /** `undefined` for what this house did not close. */
    open(sealed: string): Buffer | undefined {
      if (sealed.length > LONGEST || !/^[\w-]+$/.test(sealed)) return undefined;
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined;
      const cipher = createDecipheriv('aes-256-gcm', cipherKey, bytes.subarray(0, NONCE_BYTES));
      cipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const body = cipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
      try {
        return Buffer.concat([body, cipher.final()]);
      } catch {
        // The tag does not fit: somebody made it up, or it was closed under another key.
        return undefined;
      }
    },
  };
}
export type Seal = ReturnType<typeof seal>;

/** The seal of this house, the same in every process and after every restart: its key is made once and kept in the store. */
export async function houseSeal(db: Db, ids: Pick<Ids, 'uuid'>): Promise<Seal> {
  await db
    .insertInto('settings')
    .values({ key: KEY, value: JSON.stringify({ secret: `${ids.uuid()}${ids.uuid()}` }) })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  const { value } = await db.selectFrom('settings').select('value').where('key', '=', KEY).executeTakeFirstOrThrow();
  return seal(
    createHash('sha256')
      .update((value as unknown as { secret: string }).secret)
      .digest(),
  );
}
