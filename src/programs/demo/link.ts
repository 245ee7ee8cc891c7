import { styleText } from 'node:util';

/** Prints the link to the dashboard. The output ends with it, so that it is easy to find. */
export function printLink(link: string): void {
  console.log('\nOpen the dashboard as the owner of Acme Tours. The link works once, within 15 minutes:\n');
  console.log(styleText(['bold', 'underline', 'cyan'], link, { stream: process.stdout }));
}
