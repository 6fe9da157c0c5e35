import { inject } from 'vitest';

// test/support.ts and test/house.ts open their stores there.
process.env['WARDROOM_TEST_POSTGRES'] = inject('postgres');
