import { startChild } from './child.ts';
import { median } from './load.ts';
import { newHome } from './seed.ts';

export interface Starts {
  /** Milliseconds from the start of the process to its address, with an empty home and with one that was used. */
  coldMs: number;
  warmMs: number;
  /** The bare echo bot. */
  echoMs: number;
}

export async function measureStarts(times: number): Promise<Starts> {
  const cold: number[] = [];
  const warm: number[] = [];
  const echo: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const home = newHome({}, 0);
    for (const figures of [cold, warm]) {
      const house = await startChild('../../bot/main.ts', home.env);
      figures.push(house.readyMs);
      await house.stop();
    }
    home.remove();
    const bare = await startChild('echo.ts');
    echo.push(bare.readyMs);
    await bare.stop();
  }
  return { coldMs: median(cold), warmMs: median(warm), echoMs: median(echo) };
}
