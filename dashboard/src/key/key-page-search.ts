export const KEY_TABS = ['overview', 'settings', 'audit'] as const;

export interface KeyPageSearch {
  readonly tab?: (typeof KEY_TABS)[number];
}

export function validateKeyPageSearch({ tab }: Record<string, unknown>): KeyPageSearch {
  const found = KEY_TABS.find((known) => known === tab);
  return found ? { tab: found } : {};
}
