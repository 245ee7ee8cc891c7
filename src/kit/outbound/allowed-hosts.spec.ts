import { expect, it } from 'vitest';
import { AllowedHosts } from './allowed-hosts.js';

const allowed = new AllowedHosts(['sandbox.internal', '127.0.0.1:4010', '10.0.0.5:443', '[::1]:80']);

it.each([
  'http://sandbox.internal/',
  'https://sandbox.internal:8443/x',
  'https://SANDBOX.internal/',
  'http://127.0.0.1:4010/',
  'https://127.0.0.1:4010/',
  'http://2130706433:4010/',
  'https://10.0.0.5/',
  'http://[::1]/',
])('%s is allowed', (url) => expect(allowed.has(new URL(url))).toBe(true));

it.each([
  'http://127.0.0.1/',
  'http://127.0.0.1:4011/',
  'http://10.0.0.5/',
  'https://[::1]/',
  'http://x.sandbox.internal/',
  'http://sandbox.internal.example/',
  'http://sandbox.internal@example.com/',
  'ftp://sandbox.internal/',
  'file:///sandbox.internal',
])('%s is not allowed', (url) => expect(allowed.has(new URL(url))).toBe(false));
