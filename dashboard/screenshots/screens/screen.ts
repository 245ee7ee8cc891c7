import type { Page } from 'playwright-core';

/** The viewers, each with a separate browser. */
export type Viewer = 'owner' | 'member' | 'newcomer' | 'moved' | 'invited' | 'anonymous';

export interface Screen {
  readonly name: string;
  readonly viewer: Viewer;
  /** Takes the whole page instead of the viewport. */
  readonly isTall?: true;
  /** Opens the screen from any page, and waits until it is complete. */
  readonly open: (page: Page) => Promise<void>;
}
