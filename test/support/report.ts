/** Prints measured figures that are not asserted. */
export function report(title: string, figures: Readonly<Record<string, number | string>>): void {
  const text = Object.entries(figures).map(
    ([name, value]) => `${name} ${typeof value === 'number' ? Math.round(value * 10) / 10 : value}`,
  );
  process.stdout.write(`  ${title}: ${text.join(', ')}\n`);
}
