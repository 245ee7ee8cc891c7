import { hash } from 'node:crypto';
import { escapeHtml } from '../../../../core/wire/escape-html.js';
import type { Wire } from '../../../../core/wire/wire-json.js';
import { STYLE } from './help-page-style.js';
import type { PublishedArticle, PublishedCenter } from './published-article.dto.js';
import type { CategoryContents } from './published-help.service.js';

/** The page runs no script, loads only images, and has one style. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${hash('sha256', STYLE, 'base64')}'`,
  "img-src 'self' https:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
};

const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(['ar', 'dv', 'fa', 'he', 'ps', 'sd', 'ug', 'ur', 'yi']);

/** Where the pages of a help center are. */
export interface Site {
  readonly center: Wire<PublishedCenter>;
  /** The path of the home page. Articles are below it. */
  readonly path: string;
  /** The preferred URL of the home page. */
  readonly url: string;
}

interface Page {
  readonly title: string;
  readonly language: string;
  readonly description?: string | null;
  /** HTML. */
  readonly head?: string;
  /** HTML. */
  readonly body: string;
}

export function homePage(site: Site, language: string, contents: readonly CategoryContents[]): string {
  const { name, description, languages } = site.center;
  const others = languages.length > 1 ? languages : [];
  const href = (each: string) => `${site.path}?language=${each}`;
  const links = others.map((each) => languageLink(href(each), each, each === language));
  return layOut(undefined, {
    title: name,
    language,
    description,
    head: `<link rel="canonical" href="${escapeHtml(`${site.url}?language=${language}`)}">`,
    body: `<main>
<h1>${escapeHtml(name)}</h1>
${paragraph(description, 'lead')}
${contents.length === 0 ? '<p lang="en">No articles are published yet.</p>' : contents.map((each) => category(site, each)).join('\n')}
</main>
${languageList(links)}`,
  });
}

function category({ path }: Site, { name, description, icon, articles }: CategoryContents): string {
  const items = articles.map(
    ({ slug, title, description: about, language }) =>
      `<li><a href="${path}/${slug}"${attributesOf(language)}>${escapeHtml(title)}</a>${paragraph(about)}</li>`,
  );
  const mark = icon === null ? '' : `<span aria-hidden="true">${escapeHtml(icon)}</span> `;
  return `<section>
<h2>${mark}${escapeHtml(name)}</h2>
${paragraph(description)}
<ul>${items.join('\n')}</ul>
</section>`;
}

/** @param html of its content */
export function articlePage(site: Site, article: Wire<PublishedArticle>, html: string): string {
  const { slug, title, description, language, updated_at, translations } = article;
  const own = { slug, title, language };
  const versions = translations.length === 0 ? [] : [own, ...translations];
  const links = versions.map((each) => languageLink(`${site.path}/${each.slug}`, each.language, each === own));
  const alternates = versions.map(
    (each) => `<link rel="alternate" hreflang="${each.language}" href="${escapeHtml(`${site.url}/${each.slug}`)}">`,
  );
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(updated_at));
  return layOut(site, {
    title: article.meta_title ?? title,
    language,
    description: article.meta_description ?? description,
    head: `<link rel="canonical" href="${escapeHtml(`${site.url}/${slug}`)}">\n${alternates.join('\n')}`,
    body: `<main>
<p class="category">${escapeHtml(article.category.name)}</p>
<h1>${escapeHtml(title)}</h1>
${paragraph(description, 'lead')}
<article>
${html}
</article>
<p class="updated"><time datetime="${updated_at}">${escapeHtml(day)}</time></p>
</main>
${languageList(links)}`,
  });
}

export function missingPage(site?: Site): string {
  const home = site === undefined ? '' : `<p><a href="${site.path}">${escapeHtml(site.center.name)}</a></p>`;
  const body = `<main>\n<h1>Page not found</h1>\n<p>It doesn’t exist, or it is no longer published.</p>\n${home}\n</main>`;
  return layOut(undefined, { title: 'Page not found', language: 'en', body });
}

/** @param site whose home page it leads to; undefined: it doesn't */
function layOut(site: Site | undefined, { title, language, description, head = '', body }: Page): string {
  const name = site?.center.name ?? title;
  const about = description ? `<meta name="description" content="${escapeHtml(description)}">` : '';
  return `<!doctype html>
<html${attributesOf(language)}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(name === title ? title : `${title} · ${name}`)}</title>
${about}
${head}
<style>${STYLE}</style>
</head>
<body>
${site === undefined ? '' : `<header><a href="${site.path}">${escapeHtml(name)}</a></header>`}
${body}
</body>
</html>
`;
}

function languageLink(href: string, language: string, isCurrent: boolean): string {
  const name = new Intl.DisplayNames(language, { type: 'language' }).of(language) ?? language;
  const current = isCurrent ? ' aria-current="page"' : '';
  return `<li><a href="${href}" hreflang="${language}"${attributesOf(language)}${current}>${escapeHtml(name)}</a></li>`;
}

function languageList(links: readonly string[]): string {
  return links.length === 0 ? '' : `<footer><nav aria-label="Languages"><ul>${links.join('')}</ul></nav></footer>`;
}

function attributesOf(language: string): string {
  return ` lang="${language}"${RIGHT_TO_LEFT.has(language) ? ' dir="rtl"' : ''}`;
}

function paragraph(text: string | null, name?: string): string {
  return text ? `<p${name === undefined ? '' : ` class="${name}"`}>${escapeHtml(text)}</p>` : '';
}
