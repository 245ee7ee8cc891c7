import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { CachedBody } from '../../core/http/cached-body.js';
import { PAGE_HEADERS, page } from '../../core/http/pages.js';
import { readStaticFiles } from './static-files.js';

/** The build output, `dist/dashboard`. */
const FOLDER = join(import.meta.dirname, '..', '..', '..', 'dashboard');
const NONCE_PLACE = /__NONCE__/g;
const NOT_BUILT = page('The dashboard is not built', '<p><code>npm run build</code> builds it, with the server.</p>');

export interface DashboardPage {
  readonly headers: Readonly<Record<string, string>>;
  readonly html: string;
}

/** Serves the dashboard's build output from memory. */
@Injectable()
export class DashboardFiles {
  readonly #assets: ReadonlyMap<string, CachedBody> = readStaticFiles(join(FOLDER, 'assets'));
  readonly #page: string | undefined = this.#assets.size > 0 ? readPage(join(FOLDER, 'index.html')) : undefined;

  /** @param name the file name without a folder */
  asset(name: string): CachedBody | undefined {
    return this.#assets.get(name);
  }

  /** Returns the page of the single-page app. A new nonce each time permits the style elements of its components. */
  page(): DashboardPage {
    if (this.#page === undefined) return { headers: PAGE_HEADERS, html: NOT_BUILT };
    const nonce = randomBytes(16).toString('base64');
    const policy = `${PAGE_HEADERS['Content-Security-Policy']}; style-src 'self' 'nonce-${nonce}'; object-src 'none'`;
    return {
      headers: { ...PAGE_HEADERS, 'Content-Security-Policy': policy },
      html: this.#page.replace(NONCE_PLACE, nonce),
    };
  }
}

function readPage(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
