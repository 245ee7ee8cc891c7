const COLUMNS = 78;
/** Nobody reads deeper, and a tower of tags would be one of calls. */
const DEPTH_MAX = 100;

/** HTML as plain text, for those who read no HTML. Links keep their addresses, pictures are left out. */
export async function plainTextOf(html: string): Promise<string> {
  const { convert } = await import('html-to-text');
  return convert(html, {
    wordwrap: COLUMNS,
    limits: { maxDepth: DEPTH_MAX },
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
    ],
  });
}
