import { styleText } from 'node:util';

/** Prints the link to the dashboard as the last lines of the output, in colour where the terminal has it. */
export function printLink(link: string): void {
  console.log('\nOpen the dashboard as the owner of Acme Tours. The link works once, within 15 minutes:\n');
  console.log(styleText(['bold', 'underline', 'cyan'], link, { stream: process.stdout }));
}
