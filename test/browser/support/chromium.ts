import { spawnSync } from 'node:child_process';
import type { Browser } from 'playwright-core';

/** The shell is the same engine without what draws windows, and takes three quarters of the time. */
const PROGRAMS = ['chromium-headless-shell', 'chromium'];

/** Path of the system's own; undefined where there is none. */
export function findChromium(): string | undefined {
  const paths = PROGRAMS.map(
    (program) => spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout,
  );
  return paths.find((path) => path !== '')?.trim();
}

/** As root there is no sandbox to be had. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no chromium here.');
  // Here, as the tests' configuration only asks whether there is one.
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}
