import { el, prose } from './dom.js';
import { credential } from './callers.js';
import { badge, operationView } from './operation.js';

const main = document.getElementById('main');
const nav = document.getElementById('operations');
const search = document.getElementById('search');

const api = await (await fetch('/openapi.json')).json();
const operations = Object.entries(api.paths).flatMap(([template, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ template, method, operation })),
);
const byId = new Map(operations.map((each) => [each.operation.operationId, each]));

/** The operations that match the search, by tag. */
function showNavigation() {
  const words = search.value.trim().toLowerCase().split(/\s+/);
  const isFound = ({ template, method, operation }) => {
    const text =
      `${method} ${template} ${operation.summary} ${operation.operationId} ${operation['x-scope'] ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const current = location.hash.slice(1);
  const groups = api.tags.flatMap(({ name, description }) => {
    const found = operations.filter((each) => each.operation.tags.includes(name) && isFound(each));
    if (found.length === 0) return [];
    const isOpen = search.value !== '' || found.some(({ operation }) => operation.operationId === current);
    const links = found.map(({ method, operation: { operationId, summary } }) =>
      el(
        'li',
        {},
        el(
          'a',
          { href: `#${operationId}`, 'aria-current': operationId === current ? 'page' : undefined },
          badge(method),
          el('span', {}, summary),
        ),
      ),
    );
    return [el('details', { open: isOpen, title: description }, el('summary', {}, name), el('ul', {}, links))];
  });
  nav.replaceChildren(...(groups.length > 0 ? groups : [el('p', { class: 'hint' }, 'No operations match.')]));
}

function showPage(isFirst) {
  const chosen = byId.get(location.hash.slice(1));
  document.title = chosen === undefined ? 'Gatehouse API' : `${chosen.operation.summary} · Gatehouse API`;
  main.replaceChildren(chosen === undefined ? overview() : operationView(api, chosen));
  showNavigation();
  nav.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  if (isFirst) return;
  window.scrollTo(0, 0);
  main.querySelector('h1')?.focus();
}

function overview() {
  const schemes = Object.values(api.components.securitySchemes).map(({ description }) => el('li', {}, description));
  return el(
    'article',
    { class: 'overview' },
    el('h1', { tabIndex: -1 }, 'Gatehouse API'),
    el(
      'p',
      { class: 'hint' },
      `${operations.length} operations · OpenAPI ${api.openapi} · `,
      el('a', { href: '/openapi.json' }, 'openapi.json'),
    ),
    prose(api.info.description),
    el('h2', {}, 'Credentials'),
    el('ul', {}, schemes),
  );
}

function keepCredential() {
  const key = document.getElementById('key');
  const secret = document.getElementById('secret');
  key.value = credential.key;
  secret.value = credential.secret;
  key.addEventListener('input', () => (credential.key = key.value));
  secret.addEventListener('input', () => (credential.secret = secret.value));
}

/** Follows the system until a theme is chosen, which this browser then keeps. */
function switchTheme() {
  const root = document.documentElement;
  const button = document.getElementById('theme');
  const kept = localStorage.getItem('gatehouse-docs-theme');
  if (kept !== null) root.dataset.theme = kept;
  button.addEventListener('click', () => {
    const isDark =
      (root.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
    root.dataset.theme = isDark ? 'light' : 'dark';
    localStorage.setItem('gatehouse-docs-theme', root.dataset.theme);
  });
}

switchTheme();
keepCredential();
search.addEventListener('input', showNavigation);
window.addEventListener('hashchange', () => showPage(false));
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || /^(INPUT|TEXTAREA)$/.test(event.target.tagName)) return;
  event.preventDefault();
  search.focus();
});
showPage(true);
