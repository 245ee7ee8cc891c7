import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { BoundedMap } from '../../../../core/cache/bounded-map.js';
import { escapeHtml } from '../../../../core/wire/escape-html.js';
import { runInThread, threadBeside, ThreadOverrun } from '../../../../kit/document-text/bounded-thread.js';

const RENDERER = threadBeside(import.meta.url, 'markdown-thread');
const BOUNDS = { withinMs: 10_000, megabytesMax: 256 };
const ARTICLES_MAX = 100;

/**
 * Renders Markdown in a thread, because crafted Markdown takes seconds. Keeps the results, by the text, and renders one
 * at a time.
 */
@Injectable()
export class ArticleHtml {
  readonly #kept = new BoundedMap<string, Promise<string>>(ARTICLES_MAX);
  #previous: Promise<unknown> = Promise.resolve();

  of(content: string): Promise<string> {
    const key = hash('sha256', content);
    let html = this.#kept.get(key);
    if (html === undefined) {
      html = this.#previous.then(() => render(content));
      this.#kept.set(key, html);
      html.catch(() => this.#kept.delete(key));
      this.#previous = html.catch(() => undefined);
    }
    return html;
  }
}

/** What takes too much to render is shown as it was written. */
async function render(content: string): Promise<string> {
  const written = `<pre tabindex="0">${escapeHtml(content)}</pre>`;
  try {
    return (await runInThread<string | null>(RENDERER, { text: content }, BOUNDS)) ?? written;
  } catch (error) {
    if (error instanceof ThreadOverrun) return written;
    throw error;
  }
}
