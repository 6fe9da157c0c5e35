/** So many turns of the event loop a batch may wait for company. */
const MOST_TURNS = 3;

/**
 * Group commit: what is asked for while the last batch is written travels together in the next one. Under load a write
 * costs a fraction of a statement each; alone it costs one, at once. An embedded database writes on this thread, so nothing
 * is asked for meanwhile: a batch of several therefore lets the event loop turn as long as each turn brings more.
 */
export function batched<Item, Answer>(
  /** Writes them all, or none and throws. The answers are in the order of the items. */
  write: (items: readonly Item[]) => Promise<readonly Answer[]>,
  most = 256,
): (item: Item) => Promise<Answer> {
  let waiting: { item: Item; resolve: (answer: Answer) => void; reject: (error: unknown) => void }[] = [];
  let writing = false;

  async function drain(): Promise<void> {
    try {
      while (waiting.length > 0) {
        await company();
        const batch = waiting.slice(0, most);
        waiting = waiting.slice(most);
        await one(batch);
      }
    } finally {
      writing = false;
    }
  }

  async function company(): Promise<void> {
    for (let turn = 0, before = 1; turn < MOST_TURNS && waiting.length > before; turn += 1) {
      before = waiting.length;
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  async function one(batch: typeof waiting): Promise<void> {
    try {
      const answers = await write(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => void resolve(answers[index] as Answer));
    } catch (error) {
      // One that cannot be written must not take the others along.
      if (batch.length > 1) for (const each of batch) await one([each]);
      else for (const { reject } of batch) reject(error);
    }
  }

  return (item) =>
    new Promise<Answer>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (writing) return;
      writing = true;
      // Everything that arrives in this turn of the event loop belongs to it.
      setImmediate(() => void drain());
    });
}
