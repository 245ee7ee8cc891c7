const TARGET_CHARACTERS_MAX = 8 * 1024;

/**
 * Segments of the characters that RFC 3986 allows, without `;`. `[`, `]` and `|` are allowed because WHATWG URLs don't
 * encode them. One trailing slash is allowed.
 */
const SEGMENTS = /^(?:\/[\w\-.~!$&'()*+,:=@[\]|%]+)*\/?$/;
/** Routers that match before they decode, such as Express, read these differently from those that decode first. */
const ENCODED_UNRESERVED = /%(?:2[DE]|3\d|[46][1-9A-F]|[57][\dA]|5F|7E)/i;
/** Delimiters, controls, line separators, and percent-encodings that a second decoding would find. */
const STRUCTURAL = /[\\;?#\p{Cc}\u2028\u2029]|%(?:[\da-f]{2}|u)/iu;
/** Division and set-minus signs, which Windows code pages turn into a slash or backslash. NFKC keeps them. */
const SLASH_LOOKALIKE = /[\u2044\u2215\u2216\u29F5\u29F8\u29F9]/;
/** An empty segment, one of dots, one with white space at an end, or one as `(S(…))`, which ASP.NET drops. */
const ODD_SEGMENT = /\/(?:\/|\s|\.+(?:\/|$)|\([ASF]\()|\s(?:\/|$)/i;
const NOT_ASCII = /[^\0-\x7f]/;
/** The query isn't read, but no parser may end the target inside it. */
const ODD_QUERY = /[#\s\p{Cc}]/u;

/**
 * Reads the path of a request target (RFC 9112 origin-form): decoded once, without its query.
 * @returns undefined if two parsers may read the path differently. It is never normalised (decision 0123).
 */
export function readRequestPath(target: string): string | undefined {
  if (target.length > TARGET_CHARACTERS_MAX) return undefined;
  const queryAt = target.indexOf('?');
  const path = queryAt === -1 ? target : target.slice(0, queryAt);
  if (queryAt !== -1 && ODD_QUERY.test(target.slice(queryAt))) return undefined;
  if (path === '' || !SEGMENTS.test(path) || ODD_SEGMENT.test(path)) return undefined;
  return path.includes('%') ? decodedOnce(path) : path;
}

function decodedOnce(path: string): string | undefined {
  if (ENCODED_UNRESERVED.test(path)) return undefined;
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  if (!hasStructureOf(decoded, path)) return undefined;
  if (!NOT_ASCII.test(decoded)) return decoded;
  if (SLASH_LOOKALIKE.test(decoded)) return undefined;
  // Full-width dots and slashes, for example, are plain ones in NFKC.
  return hasStructureOf(decoded.normalize('NFKC'), path) ? decoded : undefined;
}

/** Whether the text has the segments of the path, and nothing that another parser could split or decode. */
function hasStructureOf(text: string, path: string): boolean {
  return !STRUCTURAL.test(text) && !ODD_SEGMENT.test(text) && slashesIn(text) === slashesIn(path);
}

function slashesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('/'); at !== -1; at = text.indexOf('/', at + 1)) count++;
  return count;
}
