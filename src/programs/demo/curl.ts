export interface HttpCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
}

/** Returns a curl command that repeats a call, quoted for a POSIX shell. */
export function curlOf({ method, url, headers, body }: HttpCall): string {
  const start = method === 'GET' ? `curl -i ${quote(url)}` : `curl -i -X ${method} ${quote(url)}`;
  const lines = Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`);
  if (body) lines.push(`-d ${quote(JSON.stringify(body))}`);
  return [start, ...lines].join(' \\\n  ');
}

/** Quotes any text as one word of a POSIX shell. */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
