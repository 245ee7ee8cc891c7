import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import { precompressed } from './precompressed.js';

// `npm run dev` serves these paths.
const API = 'http://127.0.0.1:3000';

export default defineConfig({
  root: import.meta.dirname,
  base: '/dashboard/',
  build: {
    outDir: resolve(import.meta.dirname, '..', 'dist', 'dashboard'),
    emptyOutDir: true,
    // The first versions with light-dark(), which has no fallback.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The Content-Security-Policy blocks data: URLs.
    assetsInlineLimit: 0,
    // The licences of the bundled packages, for those who distribute the dashboard.
    license: { fileName: 'licenses.json' },
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
    // Ignores the warnings about directives of server components.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  // The server replaces this with a new nonce in each page.
  html: { cspNonce: '__NONCE__' },
  plugins: [precompressed()],
  server: {
    proxy: Object.fromEntries(['/manage', '/session', '/partner-login', '/whoami'].map((path) => [path, API])),
  },
});
