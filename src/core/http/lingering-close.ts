import type { Socket } from 'node:net';

/** The total time per connection. */
const LINGER_MS = 30_000;
/** Time without a byte from the client: then the server ends its side, and later destroys the connection. */
const PAUSE_MS = 500;
const SILENCE_MS = 5_000;
/** Over the limit, the oldest connection is destroyed. Unread data stays in kernel memory. */
export const LINGERING_MAX = 256;
/** Per connection; more than any route takes. */
const BYTES_MAX = 64 * 1024 * 1024;
/** Together they limit discarding to 32 MiB/s in short turns, so that requests aren't delayed. */
const TURN_MS = 2;
const SOCKETS_PER_TURN = 1;
const BYTES_PER_TURN = 64 * 1024;

/** Oldest first. */
const lingering = new Set<Socket>();
/** Connections that wait for their next turn, in order. */
const waiting = new Map<Socket, () => void>();
let turns: NodeJS.Timeout | undefined;

/**
 * Closes a connection whose client may still be sending, so that the client can read the answer (RFC 9112 section
 * 9.6). `destroy` would reset the connection, and a reset discards the unread answer. Incoming data is discarded, slowly
 * and up to a limit. The server ends its side when the client pauses or ends its own, and then destroys the connection.
 * @param last the answer to invalid HTTP; it ends the server's side
 */
export function lingeringClose(socket: Socket, last = ''): void {
  if (socket.destroyed || lingering.has(socket)) return;
  const [oldest] = lingering;
  if (lingering.size >= LINGERING_MAX) oldest!.destroy();
  lingering.add(socket);
  // The connection closes anyway.
  socket.removeAllListeners('error').on('error', () => undefined);
  // End at once: a handler that answers later must not write after it.
  if (last !== '' && socket.writable) socket.end(last);
  const deadline = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.removeAllListeners('timeout').setTimeout(PAUSE_MS, () => {
    socket.end();
    socket.setTimeout(SILENCE_MS, () => socket.destroy());
  });
  socket.once('close', () => {
    clearTimeout(deadline);
    lingering.delete(socket);
    waiting.delete(socket);
  });
  // Node's server reads again on 'resume', so its listeners must get the event before they are removed.
  if (socket.isPaused()) socket.once('resume', () => discard(socket)).resume();
  else discard(socket);
}

/** Bypasses the HTTP parser: the data is neither a request nor an error to answer. */
function discard(socket: Socket): void {
  let received = 0;
  let allowance = BYTES_PER_TURN;
  const takeTurn = () => {
    allowance = BYTES_PER_TURN;
    socket.resume();
  };
  socket.removeAllListeners('data').removeAllListeners('end');
  socket.once('end', () => socket.end());
  socket.on('data', ({ length }: Buffer) => {
    received += length;
    allowance -= length;
    if (received > BYTES_MAX) socket.destroy();
    else if (allowance <= 0) queue(socket, takeTurn);
  });
  socket.resume();
}

function queue(socket: Socket, takeTurn: () => void): void {
  socket.pause();
  waiting.set(socket, takeTurn);
  turns ??= setInterval(giveTurns, TURN_MS).unref();
}

function giveTurns(): void {
  for (const [socket, takeTurn] of [...waiting].slice(0, SOCKETS_PER_TURN)) {
    waiting.delete(socket);
    takeTurn();
  }
  if (waiting.size === 0) {
    clearInterval(turns);
    turns = undefined;
  }
}
