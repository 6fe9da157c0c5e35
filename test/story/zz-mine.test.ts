import { it } from 'vitest';
import { openHouse } from '../house.ts';
import { STORY } from './script.ts';

it('x', async () => {
  const house = await openHouse({});
  for (const step of STORY.slice(0, 4)) await step.play(house);
  await house.advance('PT30S');
  for (let i = 0; i < 7; i++) {
    const rows = await house.app.rooms.db.selectFrom('changes').selectAll().execute();
    const reqs = await house.app.rooms.db.selectFrom('requests').select(['id', 'state']).execute();
    const s: any = await (await fetch(house.url + '/sandbox/state')).json();
    console.log(
      JSON.stringify(s.clock),
      rows.map((r) => `${r.state} ${r.percent} ${r.note} a=${r.attempts}`),
      JSON.stringify(reqs),
      JSON.stringify(s.estate.endpoints[0]),
    );
    await house.advance('PT1M');
  }
  await house.stop();
}, 60000);
