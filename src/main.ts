import { enableCompileCache } from 'node:module';

// Compiling the imports takes a fifth of the start, so Node caches the result on disk.
enableCompileCache();
await import('./serve.js');
