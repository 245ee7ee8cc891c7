import { quoteInput } from '../../core/errors/quote-input.js';
import { readRequestPath } from './request-path.js';
import { isLiteral, isParameter } from './route-template.js';

const CHARACTERS_MAX = 500;
/** Nearly all literals, for which the rules need not be tried. */
const PLAIN = /^[\w-]+$/;
const PARAMETER = /^\{[\w.-]{1,64}\}$/;

/** @returns what is wrong with a template, in one sentence that says what would be right; undefined: nothing */
export function validateTemplate(template: string): string | undefined {
  if (!template.startsWith('/')) return `A path begins with a slash; ${quoteInput(template)} does not.`;
  if (template.length > CHARACTERS_MAX) return `A path has at most ${CHARACTERS_MAX} characters.`;
  const segments = template === '/' ? [] : template.slice(1).split('/');
  // A trailing slash is ignored.
  if (segments.at(-1) === '') segments.pop();
  const names = new Set<string>();
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    const problem = isParameter(segment) ? validateParameter(segment, names) : validateSegment(segment, isLast);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function validateParameter(segment: string, names: Set<string>): string | undefined {
  if (/[{}]/.test(segment.slice(1, -1))) return describePart(segment);
  if (!PARAMETER.test(segment)) {
    return `${quoteInput(segment)} is not a parameter: {name} has 1 to 64 letters, digits, "_", "-" and ".".`;
  }
  if (names.has(segment)) return `The parameter ${segment} occurs twice. Give each its own name.`;
  names.add(segment);
  return undefined;
}

function validateSegment(segment: string, isLast: boolean): string | undefined {
  if (PLAIN.test(segment)) return undefined;
  if (segment === '**') return isLast ? undefined : '** must be the last segment. Use * for one segment.';
  if (!isLiteral(segment)) return undefined;
  const quoted = quoteInput(segment);
  if (segment === '') return 'A path has no empty segments. Remove the second slash.';
  if (/[{}]/.test(segment)) return describePart(segment);
  if (segment.includes('*')) return `${quoted}: * is a whole segment. Use * or {name} alone.`;
  if (segment.startsWith(':')) return `${quoted}: write a parameter as {${segment.slice(1, 65)}}.`;
  if (/[?#]/.test(segment))
    return `${quoted}: a route has no query and no fragment. Remove "?" or "#" and what follows.`;
  if (segment.includes('%')) return `${quoted}: write the character itself in place of its percent-encoding.`;
  if (!canBeRequested(segment))
    return `${quoted}: no request can have this segment, because servers read it in different ways.`;
  return undefined;
}

function canBeRequested(segment: string): boolean {
  return segment.isWellFormed() && readRequestPath(`/${encodeURIComponent(segment)}`) === `/${segment}`;
}

function describePart(segment: string): string {
  return `${quoteInput(segment)}: a parameter is a whole segment. Use {name} alone.`;
}
