import { once } from 'node:events';
import { connect } from 'node:net';
import { argv } from 'node:process';

const [url, clients] = argv.slice(2);
const { hostname, port } = new URL(url!);
const BODY = Buffer.from(`[${'0,'.repeat(512 * 1024 - 1)}0]`.slice(0, 1024 * 1024 - 2) + '0]');
const HEAD = `POST /contacts HTTP/1.1\r\nHost: flood\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n`;
let isOn = false;
let answered = 0;
let turns: Promise<void>[] = [];

process.on('message', (order: 'go' | 'stop') => {
  if (order === 'go') {
    isOn = true;
    turns = Array.from({ length: Number(clients) }, send);
  } else {
    isOn = false;
    void Promise.all(turns).then(() => process.send!(answered));
  }
});

/** Reads the answer only after the whole body is sent, as some clients do. */
async function send(): Promise<void> {
  while (isOn) {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on('error', () => undefined).pause();
    socket.write(HEAD);
    await new Promise<void>((resolve) => socket.write(BODY, () => resolve()));
    socket.once('data', () => answered++);
    const closed = once(socket, 'close');
    socket.resume();
    await closed;
  }
}
