/** How the server's router reads paths. Other routers with the same routes must read them alike. */
export const ROUTER_OPTIONS = { maxParamLength: 1024, ignoreTrailingSlash: true };
