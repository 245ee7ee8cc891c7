// Its own program for each kind of machine isn't needed, and Java even less.
process.env['RECHECK_BACKEND'] = 'pure';
const { check } = await import('recheck');

/** A part of a pattern that is one: what is escaped, a class, or how often something is repeated. */
const PARTS = /\\.|\[(?:\\.|[^\]\\])*\]|\{(\d+)(,(\d*))?\}/gs;
/** More often than that is as good as any number of times, for what is to be shown. */
const REPEATS_MAX = 4;

/**
 * Whether a pattern is shown to take a time that grows no faster than the text it is looked for in. What is repeated a few
 * times is looked at as if repeated without end, which can only take longer, and is much quicker to judge.
 */
export async function isLinear({ source, flags }: { source: string; flags: string }): Promise<boolean> {
  const relaxed = source.replace(PARTS, (part, min?: string, comma?: string, max?: string) => {
    if (min === undefined || Number(comma === undefined ? min : max || Infinity) <= REPEATS_MAX) return part;
    return Number(min) > 0 ? '+' : '*';
  });
  const hasLoop = /[*+]/.test(relaxed);
  // Nothing in it is repeated: it looks at a few characters from each place of the text.
  if (!hasLoop && !/\(\?<?[=!]/.test(source)) return true;
  const { status } = await check(relaxed, flags, { checker: 'automaton', timeout: null });
  return status === 'safe';
}
