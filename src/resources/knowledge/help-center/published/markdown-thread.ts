// Worker thread. It imports no value of this code base, so that tests can run the source.
import MarkdownIt from 'markdown-it';
import { parentPort, workerData } from 'node:worker_threads';

/** A page of more would be hard on readers, and on the memory of the server. */
const CHARACTERS_MAX = 1_000_000;

// HTML in the Markdown is shown as text, and links to scripts are text. So the result has no markup but the renderer's.
const markdown = new MarkdownIt({ html: false, linkify: true });
// The page has one h1, its title.
markdown.core.ruler.push('lower_headings', ({ tokens }) => {
  for (const token of tokens) {
    if (token.type.startsWith('heading_')) token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + 1)}`;
  }
});

const html = markdown.render((workerData as { text: string }).text);
parentPort!.postMessage(html.length > CHARACTERS_MAX ? null : html);
