import { Socket } from 'node:net';
import { beforeEach, expect, it } from 'vitest';
import { ConnectGate } from './connect-gate.js';

interface Connecting {
  readonly name: string;
  readonly succeed: () => void;
  readonly fail: () => void;
}

let gate: ConnectGate;
/** In the order in which they began; without those that have ended. */
let connecting: Connecting[];
beforeEach(() => {
  gate = new ConnectGate();
  connecting = [];
});

function ask(name: string, stream = new Socket()): Promise<unknown> {
  const connect = () => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    connecting.push({ name, succeed: resolve, fail: () => reject(new Error('refused')) });
    return promise.finally(() => (connecting = connecting.filter((each) => each.name !== name)));
  };
  return gate.pass(stream, connect).catch((error: Error) => error.message);
}

const names = () => connecting.map(({ name }) => name);
const settled = () => new Promise((resolve) => setImmediate(resolve));

async function end(how: 'succeed' | 'fail'): Promise<void> {
  connecting[0]![how]();
  await settled();
}

it('opens four connections at once, then one for each that is open', async () => {
  for (const name of ['1', '2', '3', '4', '5', '6']) void ask(name);
  expect(names()).toEqual(['1', '2', '3', '4']);
  await end('succeed');
  expect(names()).toHaveLength(4);
});

it('admits the newest first', async () => {
  for (const name of ['1', '2', '3', '4', '5', '6']) void ask(name);
  await end('succeed');
  expect(names()).toEqual(['2', '3', '4', '6']);
});

it('opens one at a time after a failure, and one more after each success', async () => {
  for (let number = 1; number <= 20; number++) void ask(String(number));
  for (const inProgress of [3, 2, 1, 1]) {
    await end('fail');
    expect(names()).toHaveLength(inProgress);
  }
  for (const inProgress of [2, 3, 4, 4]) {
    await end('succeed');
    expect(names()).toHaveLength(inProgress);
  }
});

it('never begins a connection whose caller gave up', async () => {
  const [, , , , waiting, given] = ['1', '2', '3', '4', '5', '6'].map((name) => {
    const stream = new Socket();
    return { name, stream, answer: ask(name, stream) };
  });
  given!.stream.destroy();
  expect(await given!.answer).toBe('Connection terminated due to connection timeout');
  await end('succeed');
  expect(names()).toEqual(['2', '3', '4', waiting!.name]);
});

it('passes on the error of a failure', async () => {
  const answer = ask('1');
  await end('fail');
  expect(await answer).toBe('refused');
});
