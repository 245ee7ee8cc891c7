import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE_HEADERS } from '../../core/http/pages.js';
import { CachedBody } from '../../core/http/cached-body.js';
import { OPERATION_STYLE } from './reference-operation-style.js';
import { PAGE_STYLE } from './reference-page-style.js';

const FOLDER = join(import.meta.dirname, 'reference');
/** The modules of the page, which the compiler copies as they are. */
const MODULES = ['callers.js', 'dom.js', 'operation.js', 'reference.js', 'samples.js', 'schema.js', 'try-it.js'];
const STYLE = 'reference.css';

export const REFERENCE_HEADERS = PAGE_HEADERS;

/** Loads nothing from other hosts, and has no inline script or style. */
export const REFERENCE_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Gatehouse API</title>
<link rel="stylesheet" href="/docs/assets/reference.css">
<script src="/docs/assets/reference.js" type="module"></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<a href="/docs"><svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8"/><path d="M8 25V14a8 8 0 0 1 16 0v11M13 25V14.5a3 3 0 0 1 6 0V25M6.5 25h19"/></svg>Gatehouse API</a>
<span class="space"></span>
<label><span>Key</span><input id="key" type="password" autocomplete="off" placeholder="Kept for this tab only"></label>
<label><span>Secret</span><input id="secret" type="password" autocomplete="off" placeholder="Of a key with a secret"></label>
<button id="theme" type="button">Light or dark</button>
</header>
<div class="layout">
<nav aria-label="Operations">
<input id="search" type="search" placeholder="Search operations" aria-label="Search operations">
<div id="operations"></div>
</nav>
<main id="main" tabindex="-1"><p>Loading the reference…</p></main>
</div>
</body>
</html>
`;

const files = new Map<string, CachedBody>();

/** Returns a part of the page, read on its first request; undefined if there is none with that name. */
export function referenceFile(name: string): CachedBody | undefined {
  if (name !== STYLE && !MODULES.includes(name)) return undefined;
  let file = files.get(name);
  if (file === undefined) {
    const type = `text/${name === STYLE ? 'css' : 'javascript'}; charset=utf-8`;
    const content = name === STYLE ? PAGE_STYLE + OPERATION_STYLE : readFileSync(join(FOLDER, name));
    file = CachedBody.of({ type, cacheControl: 'public, max-age=300' }, content);
    files.set(name, file);
  }
  return file;
}
