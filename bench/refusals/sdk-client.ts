// Prints what the SDK makes of the answer to a large body. Bundled first, because Node only strips types.
import { argv, stdout } from 'node:process';
import { Gatehouse, GatehouseError } from '../../sdk/src/index.ts';

const [url, bytes, count, key] = argv.slice(2);
const { origin, pathname } = new URL(url!);
const client = new Gatehouse({ url: origin, key: key ?? 'none' });
const seen: Record<string, number> = {};
for (let call = 0; call < Number(count); call++) {
  const post = client.post as (path: string, options: object) => Promise<unknown>;
  const what = await post.call(client, pathname, { body: { a: 'x'.repeat(Number(bytes)) } }).then(
    () => 'taken',
    (error: unknown) => (error instanceof GatehouseError ? String(error.status) : String(error)),
  );
  seen[what] = (seen[what] ?? 0) + 1;
}
stdout.write(JSON.stringify(seen));
