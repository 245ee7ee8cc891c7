const COLUMNS = 78;
/** Nobody reads deeper, and a tower of tags would be one of calls. */
const DEPTH_MAX = 100;
/** Far more than a mail has: of tags in tags the parser takes the square of their number. */
const TAGS_MAX = 20_000;

/** HTML as plain text, for those who read no HTML. Links keep their addresses, pictures are left out. */
export async function plainTextOf(html: string): Promise<string> {
  const { convert } = await import('html-to-text');
  return convert(html.split('<', TAGS_MAX + 1).join('<'), {
    wordwrap: COLUMNS,
    limits: { maxDepth: DEPTH_MAX },
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
    ],
  });
}
