import { randomBytes } from 'node:crypto';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A picture of that many bytes, which no other one has. */
export function newPicture(bytes: number): Buffer {
  return Buffer.concat([PNG, randomBytes(bytes - PNG.length)]);
}

export interface Uploaded {
  readonly status: number;
  /** Of the picture; undefined if it was refused. */
  readonly id: string | undefined;
  readonly ms: number;
  readonly headers: Headers;
}

/** Uploads a picture. @throws Error if the connection fails */
export async function uploadPicture(url: string, key: string, content: Buffer): Promise<Uploaded> {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(content)], { type: 'image/png' }), 'picture.png');
  const startedAt = performance.now();
  const headers = { Authorization: `Bearer ${key}` };
  const answer = await fetch(`${url}/media/upload`, { method: 'POST', headers, body: form });
  const body = (await answer.json()) as { id?: string };
  return { status: answer.status, id: body.id, ms: performance.now() - startedAt, headers: answer.headers };
}

export interface Downloaded {
  readonly status: number;
  readonly content: Buffer;
  readonly ms: number;
}

/** @throws Error if the answer is cut off */
export async function downloadPicture(url: string, id: string): Promise<Downloaded> {
  const startedAt = performance.now();
  const answer = await fetch(`${url}/media/${id}`);
  const content = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, content, ms: performance.now() - startedAt };
}
