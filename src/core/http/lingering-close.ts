import type { Socket } from 'node:net';

/** In all. */
const LINGER_MS = 30_000;
/** Without a byte from the client: until it counts as done, and until it counts as gone. */
const PAUSE_MS = 500;
const SILENCE_MS = 5_000;
/** The oldest ends for a new one. What their clients have sent waits in the kernel's memory. */
export const LINGERING_MAX = 256;
/** Of one connection: more than any route takes. */
const BYTES_MAX = 64 * 1024 * 1024;
/** Together these bound what discarding costs the process, at 32 MiB a second in turns that hold up no request. */
const TURN_MS = 2;
const SOCKETS_PER_TURN = 1;
const BYTES_PER_TURN = 64 * 1024;

/** Oldest first. */
const lingering = new Set<Socket>();
/** Connections that have used up their turn, in the order that they get the next one. */
const waiting = new Map<Socket, () => void>();
let turns: NodeJS.Timeout | undefined;

/**
 * Closes a connection whose client may still be sending, so that the client can read the answer (RFC 9112 section
 * 9.6). Destroying it would reset it, and a reset discards what the client has not read yet. So this discards what
 * arrives, slowly and up to a bound, ends our side when the client pauses or has ended its own, and destroys the
 * connection after that. Until then a client that waits for our end before it connects anew is slowed down.
 * @param last the answer, where the request was none; it ends our side
 */
export function lingeringClose(socket: Socket, last = ''): void {
  if (socket.destroyed || lingering.has(socket)) return;
  const [oldest] = lingering;
  if (lingering.size >= LINGERING_MAX) oldest!.destroy();
  lingering.add(socket);
  // The connection is over either way.
  socket.removeAllListeners('error').on('error', () => undefined);
  // At once, for a handler that has still to answer must not write after it.
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
  // Node's server starts to read again when it hears of 'resume', so it has to hear of it before it is unhooked.
  if (socket.isPaused()) socket.once('resume', () => discard(socket)).resume();
  else discard(socket);
}

/** Past the HTTP parser: what follows is no request, and no error to answer. */
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
