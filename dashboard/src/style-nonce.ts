declare global {
  var __webpack_nonce__: string | undefined;
}

/** What the page's policy lets style elements in by: components bring some of their styles themselves. */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// The name under which the library that holds the page still behind a dialog looks for it.
globalThis.__webpack_nonce__ = styleNonce;
