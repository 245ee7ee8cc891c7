import newman from 'newman';
import { expect, it } from 'vitest';
import { serverDocument } from '../../src/programs/generate-docs/api-document.js';
import { exampleCalls } from './support/example-calls.js';
import { STEP_HANG_MS } from '../support/hang.js';
import { inOrder } from './support/example-order.js';
import { exampleServer, exampleWorld } from './support/example-world.js';
import { type Collection, postmanCollection } from './support/postman-collection.js';

const DOCUMENT = serverDocument();
const server = exampleServer();

/** Plays the collection. @returns the number of requests, and a sentence for each failure */
function play(collection: Collection, values: Readonly<Record<string, string>>) {
  const envVar = Object.entries(values).map(([key, value]) => ({ key, value }));
  return new Promise<{ requests: number; failures: string[] }>((resolve, reject) => {
    const options = { collection, envVar, ignoreRedirects: true, timeoutRequest: STEP_HANG_MS };
    newman.run(options, (error, { run }) => {
      if (error !== null) reject(error);
      const failures = run.failures.map(({ source, error: { message } }) => `${source?.name}: ${message}`);
      resolve({ requests: run.stats.requests.total, failures });
    });
  });
}

it('newman passes every request of the Postman collection that the document makes', async () => {
  const { values, headers } = await exampleWorld(server());
  const calls = inOrder(exampleCalls(DOCUMENT), [...values.keys()]);
  const collection = await postmanCollection(DOCUMENT, calls);
  const credentials = [...headers].flatMap(([audience, fields]) =>
    Object.entries(fields).map(([name, value]) => [`${audience}.${name}`, value] as const),
  );
  const played = await play(collection, { baseUrl: server().url, ...Object.fromEntries([...values, ...credentials]) });
  expect(played).toEqual({ requests: collection.item.length, failures: [] });
});
