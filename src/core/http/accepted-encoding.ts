export type Encoding = 'br' | 'gzip' | 'identity';

/**
 * The smallest available encoding that `Accept-Encoding` allows (RFC 9110 section 12.5.3). An encoding without an entry
 * needs `*`. The plain content is sent to clients that accept nothing.
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
