import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import { precompressed } from './precompressed.js';

// `npm run dev` is the server that these are asked of.
const API = 'http://127.0.0.1:3000';

export default defineConfig({
  root: import.meta.dirname,
  base: '/dashboard/',
  build: {
    outDir: resolve(import.meta.dirname, '..', 'dist', 'dashboard'),
    emptyOutDir: true,
    // The first that know light-dark(), which can't be written in any older way.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The policy loads nothing from data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
    // Directives for server components, of which there are none.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  // The server puts a new one into each page it sends.
  html: { cspNonce: '__NONCE__' },
  plugins: [precompressed()],
  server: {
    proxy: Object.fromEntries(['/manage', '/session', '/partner-login', '/whoami'].map((path) => [path, API])),
  },
});
