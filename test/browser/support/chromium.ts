import { chromium, type Browser } from 'playwright-core';
import { findProgram } from '../../support/system-programs.js';

/** The headless shell has the same engine without a window system, and takes three quarters of the time. */
const PROGRAMS = ['chromium-headless-shell', 'chromium'];

/** Without a sandbox, which Chromium does not support for root. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = PROGRAMS.map(findProgram).find((path) => path !== undefined);
  if (executablePath === undefined) throw new Error('There is no chromium here.');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}
