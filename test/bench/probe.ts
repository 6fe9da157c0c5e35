/** Preloaded into a measured process: tells its processor time and its memory (after a full collection) over IPC. */
process.on('message', (what) => {
  if (what === 'cpu') {
    const { user, system } = process.cpuUsage();
    process.send?.((user + system) / 1000);
    return;
  }
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ rss, heapUsed, external });
});
process.on('disconnect', () => process.exit());
// Being measured must not keep the process alive.
process.channel?.unref();
