// Prints what Node's fetch makes of the answer to a large body: `fetch-client.js URL BYTES COUNT [KEY]`.
import { argv, stdout } from 'node:process';

const [url, bytes, count, key] = argv.slice(2);
const headers = { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) };
const body = JSON.stringify({ a: 'x'.repeat(Number(bytes)) });
const seen = {};
for (let call = 0; call < Number(count); call++) {
  const what = await fetch(url, { method: 'POST', headers, body }).then(
    async (answer) => {
      const text = await answer.text();
      return text.startsWith('{') ? String(JSON.parse(text).statusCode) : `${answer.status}, not ours`;
    },
    (error) => `${error.message}: ${error.cause?.code ?? error.cause?.message}`,
  );
  seen[what] = (seen[what] ?? 0) + 1;
}
stdout.write(JSON.stringify(seen));
