import { expect, it } from 'vitest';
import { pointTo } from '../../../services/alerts/pointer.rules.ts';

/** The document and the answers of RFC 6901, section 5. */
const document = {
  foo: ['bar', 'baz'],
  '': 0,
  'a/b': 1,
  'c%d': 2,
  'e^f': 3,
  'g|h': 4,
  'i\\j': 5,
  'k"l': 6,
  ' ': 7,
  'm~n': 8,
};
it.each([
  ['', document],
  ['/foo', ['bar', 'baz']],
  ['/foo/0', 'bar'],
  ['/', 0],
  ['/a~1b', 1],
  ['/c%d', 2],
  ['/e^f', 3],
  ['/g|h', 4],
  ['/i\\j', 5],
  ['/k"l', 6],
  ['/ ', 7],
  ['/m~0n', 8],
])('“%s” points to what the RFC says', (pointer, value) => expect(pointTo(document, pointer)).toEqual(value));

it.each(['/foo/2', '/foo/-', '/foo/01', '/foo/length', '/none', '/a~1b/c', '/constructor', '/__proto__', '/foo/0/0'])(
  '“%s” points to nothing',
  (pointer) => expect(pointTo(document, pointer)).toBeUndefined(),
);
