const COLUMNS = 78;
/** The parser is recursive, so deeper nesting could overflow the stack. */
const DEPTH_MAX = 100;
/** Far more than a mail has. The parser is quadratic in nested tags. */
const TAGS_MAX = 20_000;

/** Converts HTML to plain text. Links keep their addresses; images are dropped. */
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
