import { execFileSync } from 'node:child_process';
import { type Browser, chromium } from 'playwright-core';

/** The system's own; as root there is no sandbox to be had. */
export function launchChromium(): Promise<Browser> {
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  return chromium.launch({ executablePath, args });
}
