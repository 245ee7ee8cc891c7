export const KEY_TABS = ['overview', 'requests', 'test', 'settings', 'audit'] as const;
export type KeyTab = (typeof KEY_TABS)[number];

/** What the page of a key shows, in the URL, so that other pages can link to it. */
export interface KeyPageSearch {
  readonly tab?: KeyTab;
  /** The tested request: a method and a path, or a scope. */
  readonly method?: string;
  readonly path?: string;
  readonly scope?: string;
  readonly ip?: string;
  readonly origin?: string;
  readonly service?: string;
  /** Changes that the settings start with: a granted scope, an allowed address, or the scopes of a key with full access. */
  readonly grant?: string;
  readonly allow?: string;
  readonly scopes?: string;
}

const WORD = /^[\w-]{1,64}$/;
const SCOPE = /^[\w.-]{1,100}:[\w.*-]{1,100}$/;
const ADDRESS = /^[\da-f.:/]{2,49}$/i;
const RULES: Readonly<Record<Exclude<keyof KeyPageSearch, 'tab'>, RegExp>> = {
  method: /^[A-Z]{3,7}$/,
  path: /^\/.{0,2000}$/,
  scope: SCOPE,
  ip: ADDRESS,
  origin: /^https?:\/\/.{1,255}$/,
  service: WORD,
  grant: SCOPE,
  allow: ADDRESS,
  scopes: /^[\w.,:*-]{3,4000}$/,
};

export function validateKeyPageSearch(search: Record<string, unknown>): KeyPageSearch {
  const tab = KEY_TABS.find((known) => known === search['tab']);
  const good = Object.entries(RULES).filter(([name, rule]) => rule.test(String(search[name] ?? '')));
  return { ...(tab && { tab }), ...Object.fromEntries(good.map(([name]) => [name, search[name]])) };
}
