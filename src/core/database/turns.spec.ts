import { beforeEach, expect, it } from 'vitest';
import { Turns } from './turns.js';

let database: object;
beforeEach(() => {
  database = {};
});

/** Notes its name when it has the turn. */
async function take(turns: Turns, row: string, order: string[], name: string): Promise<void> {
  await turns.take('org', row);
  order.push(name);
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('transactions lock a row in the order of their requests', async () => {
  const order: string[] = [];
  const [first, second, third] = [new Turns(database), new Turns(database), new Turns(database)];
  const taken = [
    take(first, 'a', order, 'first'),
    take(second, 'a', order, 'second'),
    take(third, 'a', order, 'third'),
  ];
  await settled();
  expect(order).toEqual(['first']);
  first.end();
  await settled();
  expect(order).toEqual(['first', 'second']);
  second.end();
  await Promise.all(taken);
  expect(order).toEqual(['first', 'second', 'third']);
});

it('turns of other rows, kinds and databases are independent, and a transaction has its own turn at once', async () => {
  const turns = new Turns(database);
  await turns.take('org', 'a');
  await turns.take('org', 'a');
  await new Turns(database).take('org', 'b');
  await new Turns(database).take('chain', 'a');
  await new Turns({}).take('org', 'a');
});

it('a turn out of order resolves at once, so that no two transactions wait for each other', async () => {
  const [one, other] = [new Turns(database), new Turns(database)];
  await one.take('org', 'a');
  await other.take('org', 'b');
  const waits = one.take('org', 'b');
  await other.take('org', 'a');
  await other.take('partner', 'a');
  other.end();
  await waits;
});

it('every waiting transaction fails when the database is silent, and later ones get their turn', async () => {
  const [first, second, third] = [new Turns(database), new Turns(database), new Turns(database)];
  await first.take('org', 'a');
  const waits = Promise.allSettled([second.take('org', 'a'), third.take('org', 'a')]);
  const silence = new Error('Query read timeout');
  first.end(silence);
  expect(await waits).toEqual(Array(2).fill({ status: 'rejected', reason: silence }));
  await new Turns(database).take('org', 'a');
});

it('a turn that comes after its transaction has ended goes to the next one', async () => {
  const [first, ended, third] = [new Turns(database), new Turns(database), new Turns(database)];
  await first.take('org', 'a');
  const late = ended.take('org', 'a');
  const waits = third.take('org', 'a');
  ended.end();
  first.end();
  await late;
  await waits;
});
