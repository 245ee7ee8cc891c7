/** Keeps browsers from running scripts in uploaded files. `nosniff` is on every response. */
export const HARMLESS = { 'content-security-policy': "default-src 'none'; sandbox" };

/** Also forbids caching. */
export const HARMLESS_AND_PRIVATE = { ...HARMLESS, 'cache-control': 'private, no-store' };
