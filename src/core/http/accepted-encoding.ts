export type Encoding = 'br' | 'gzip' | 'identity';

/**
 * The smallest of the encodings there are that the client takes (RFC 9110 section 12.5.3). What it doesn't name it
 * takes only by `*`; the plain file goes to everybody, since there is nothing better to answer.
 */
export function acceptedEncoding(
  header: string | undefined,
  available: { has(encoding: Encoding): boolean },
): Encoding {
  const weights = new Map((header ?? '').toLowerCase().split(',').map(weightOf));
  const isAccepted = (encoding: Encoding) => (weights.get(encoding) ?? weights.get('*') ?? 0) > 0;
  return (['br', 'gzip'] as const).find((encoding) => available.has(encoding) && isAccepted(encoding)) ?? 'identity';
}

function weightOf(entry: string): [name: string, weight: number] {
  const [name = '', ...parameters] = entry.split(';').map((part) => part.trim());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  return [name, quality === undefined ? 1 : Number(quality.slice(2))];
}
