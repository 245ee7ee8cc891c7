declare global {
  var __webpack_nonce__: string | undefined;
}

/** The nonce that the Content-Security-Policy requires for style elements of components. */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// The scroll lock of dialogs reads the nonce from this name.
globalThis.__webpack_nonce__ = styleNonce;
