import type { AddressInfo, Server } from 'node:net';

/** Listens on a free port of the loopback interface. */
export async function listenLocally(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

/** The URL of `target`, through a proxy that listens locally. */
export function urlThrough(proxy: Server, target: URL): string {
  const url = new URL(target);
  url.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return url.href;
}
