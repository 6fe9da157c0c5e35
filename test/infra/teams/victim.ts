import { createTeamsSandbox } from '../../../infra/sandbox/teams/sandbox.ts';
import { systemClock } from '../../../services/core/clock.ts';
import { randomIds } from '../../../services/core/ids.ts';
import { PEOPLE, TEAM, TENANT } from './stage.ts';

/** A sandbox in a process of its own, to be killed: `node victim.ts JOURNAL BOT_ENDPOINT` prints its port. */
const [journal = '', endpoint = ''] = process.argv.slice(2);
let port = 0;
const teams = createTeamsSandbox({
  clock: systemClock,
  ids: randomIds,
  journal,
  people: PEOPLE,
  channels: [{ id: 'fraud-ops', name: 'Fraud operations' }],
  chats: [],
  team: { id: TEAM, name: 'Northwind ML', tenantId: TENANT },
  botEndpoint: () => endpoint,
  serviceUrl: () => `http://127.0.0.1:${port}/connector/`,
  limits: 'off',
});
({ port } = await teams.listen(0));
await teams.start();
process.stdout.write(`${port}\n`);
