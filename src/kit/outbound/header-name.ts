/** A header name (RFC 9110, section 5.1). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Headers of the connection, the cookies and the body, which the server sets. */
const RESERVED = new Set(
  'accept-encoding connection content-length content-type cookie expect host keep-alive te trailer transfer-encoding upgrade'.split(
    ' ',
  ),
);

/** Whether users may set the header of a request. */
export function isSettableHeader(name: string): boolean {
  return TOKEN.test(name) && !RESERVED.has(name.toLowerCase());
}
