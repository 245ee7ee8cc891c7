import { ACTIVITY_SCREENS } from './activity.ts';
import { KEY_SCREENS } from './keys.ts';
import { NEW_KEY_SCREENS } from './new-keys.ts';
import { ORGANIZATION_SCREENS } from './organization.ts';
import { POLICY_AND_WEBHOOK_SCREENS } from './policies-and-webhooks.ts';
import { VIEWER_SCREENS } from './viewers.ts';
import type { Screen } from './screen.ts';

/** In the order in which they are taken: some show what earlier ones have changed. */
export const SCREENS: readonly Screen[] = [
  ...KEY_SCREENS,
  ...POLICY_AND_WEBHOOK_SCREENS,
  ...ACTIVITY_SCREENS,
  ...ORGANIZATION_SCREENS,
  ...NEW_KEY_SCREENS,
  ...VIEWER_SCREENS,
];
