import type { ColumnType, JSONColumnType } from 'kysely';

/** An instant: ISO 8601 text on the way in and on the way out. */
export type InstantColumn = ColumnType<string, string, string>;
export type NullableInstant = ColumnType<string | null, string | null | undefined, string | null>;
export type Json<T extends object> = JSONColumnType<T, string, string>;
export type NullableJson<T extends object> = ColumnType<T | null, string | null | undefined, string | null>;
