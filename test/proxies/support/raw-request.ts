import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * Sends a request line and headers byte by byte, which clients of HTTP would normalize.
 * @param target in Latin-1, a character for each byte
 * @returns the status
 */
export async function rawStatus(
  url: string,
  target: string,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const fields = Object.entries({ Host: 'api.example.com', Connection: 'close', ...headers });
  const lines = [`GET ${target} HTTP/1.1`, ...fields.map(([name, value]) => `${name}: ${value}`), '', ''];
  socket.write(Buffer.from(lines.join('\r\n'), 'latin1'));
  return Number((await buffer(socket)).toString('latin1').split(' ')[1]);
}
