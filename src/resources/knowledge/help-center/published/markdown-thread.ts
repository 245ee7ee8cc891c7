// Worker thread. It imports no value of this code base, so that tests can run the source.
import MarkdownIt from 'markdown-it';
import { parentPort, workerData } from 'node:worker_threads';

/** A page of more would be hard on readers, and on the memory of the server. */
const CHARACTERS_MAX = 1_000_000;

// HTML in the Markdown is shown as text, and links to scripts are text. So the result has no markup but the renderer's.
const markdown = new MarkdownIt({ html: false, linkify: true });
/** Keyboards scroll only what has the focus. */
const SCROLLED = new Set(['code_block', 'fence', 'table_open']);
markdown.core.ruler.push('fit_into_page', ({ tokens }) => {
  const headings = tokens.filter(({ type }) => type.startsWith('heading_'));
  const levelOf = ({ tag }: { tag: string }) => Number(tag.slice(1));
  // The title of the page is its h1, so the highest headings of the text become h2.
  const lowered = 2 - headings.reduce((highest, token) => Math.min(highest, levelOf(token)), 6);
  for (const token of headings) token.tag = `h${Math.min(6, levelOf(token) + lowered)}`;
  for (const token of tokens) if (SCROLLED.has(token.type)) token.attrSet('tabindex', '0');
});

const html = markdown.render((workerData as { text: string }).text);
parentPort!.postMessage(html.length > CHARACTERS_MAX ? null : html);
