/** Whatever a browser makes of somebody's bytes, it is no page of ours and runs nothing; `nosniff` is on every answer. */
export const HARMLESS = { 'content-security-policy': "default-src 'none'; sandbox" };

/** Nor does anybody keep them who was shown them once. */
export const HARMLESS_AND_PRIVATE = { ...HARMLESS, 'cache-control': 'private, no-store' };
