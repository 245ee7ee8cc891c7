import { spawnSync } from 'node:child_process';
import type { Browser } from 'playwright-core';

/** The headless shell has the same engine without a window system, and takes three quarters of the time. */
const PROGRAMS = ['chromium-headless-shell', 'chromium'];

/** The path of the system's Chromium; undefined if there is none. */
export function findChromium(): string | undefined {
  const paths = PROGRAMS.map(
    (program) => spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout,
  );
  return paths.find((path) => path !== '')?.trim();
}

/** Without a sandbox, which Chromium does not support for root. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no chromium here.');
  // The configuration of the tests imports this file only for `findChromium`, so import Playwright late.
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}
