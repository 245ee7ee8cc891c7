// Use the JavaScript implementation of recheck; the others need a binary per platform, or Java.
process.env['RECHECK_BACKEND'] = 'pure';
const { check } = await import('recheck');

/** The tokens of a pattern that matter here: escapes, character classes and counted repetitions. */
const PARTS = /\\.|\[(?:\\.|[^\]\\])*\]|\{(\d+)(,(\d*))?\}/gs;
/** Longer repetitions are treated as unbounded. */
const REPEATS_MAX = 4;

/**
 * Whether a pattern provably takes linear time. Treats long counted repetitions as unbounded, which only makes the
 * pattern slower, and is much faster to check.
 */
export async function isLinear({ source, flags }: { source: string; flags: string }): Promise<boolean> {
  const relaxed = source.replace(PARTS, (part, min?: string, comma?: string, max?: string) => {
    if (min === undefined || Number(comma === undefined ? min : max || Infinity) <= REPEATS_MAX) return part;
    return Number(min) > 0 ? '+' : '*';
  });
  const hasLoop = /[*+]/.test(relaxed);
  // Without a loop or lookaround, each position of the text needs a constant number of steps.
  if (!hasLoop && !/\(\?<?[=!]/.test(source)) return true;
  const { status } = await check(relaxed, flags, { checker: 'automaton', timeout: null });
  return status === 'safe';
}
