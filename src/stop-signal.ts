/**
 * Aborts when the process is told to end: by Ctrl-C, or by a process manager. Called before anything is opened:
 * without a listener, a signal ends the process at once and leaves the embedded database running. A second signal does
 * so.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => controller.abort());
  return controller.signal;
}
