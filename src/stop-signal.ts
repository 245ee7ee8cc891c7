/**
 * Returns a signal that aborts on SIGTERM or SIGINT. Call it before opening anything: without a listener, the signal ends
 * the process at once and leaves the embedded database running. A second signal still does.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => controller.abort());
  return controller.signal;
}
