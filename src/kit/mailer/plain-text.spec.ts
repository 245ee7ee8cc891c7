import { expect, test } from 'vitest';
import { plainTextOf } from './plain-text.js';

test('HTML becomes plain text with the addresses of links', async () => {
  const html = `<style>p { color: red }</style><p>Hello <b>Sam</b>,</p><p>see <a href="https://acme.example/x">your
    booking</a>.</p><img src="https://acme.example/logo.png" alt="logo"><ul><li>Kayak &amp; tent</li></ul>`;
  expect(await plainTextOf(html)).toBe('Hello Sam,\n\nsee your booking [https://acme.example/x].\n\n * Kayak & tent');
});

test('the largest and most deeply nested allowed HTML is converted', async () => {
  expect(await plainTextOf('<b>'.repeat(66_000))).toBe('...');
  expect(await plainTextOf('<'.repeat(200_000))).toMatch(/^<+/);
});
