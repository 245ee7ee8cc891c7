import { expect, it } from 'vitest';
import { plainTextOf } from '../../kit/mailer/plain-text.js';
import { DAY_MS } from './expiry-steps.js';
import type { NoticeDigest, NoticedKey } from './notice-digest.js';
import { noticeMail, type NoticeReader } from './notice-mail.js';
import { noticeWords } from './notice-words.js';

const NOW = new Date('2027-03-01T09:30:00.000Z');
const CONTEXT = {
  dashboardUrl: 'https://keys.example.com',
  now: NOW,
  idleDays: 90,
  words: noticeWords('en'),
};
const MANAGER: NoticeReader = { as: 'manager', org: 'Harbour Tours' };

function key(name: string, days: number, more: Partial<NoticedKey> = {}): NoticedKey {
  const about = new Date(NOW.getTime() + days * DAY_MS).toISOString();
  return {
    id: `id-of-${name}`,
    name,
    masked_key: 'ocx_live_…x7Qa',
    org: 'Harbour Tours',
    kind: 'expiry',
    about,
    ...more,
  };
}

function mailOf(keys: readonly NoticedKey[], reader = MANAGER, total = keys.length) {
  const digest: NoticeDigest = { keys, total };
  return noticeMail(digest, reader, CONTEXT);
}

it('lists keys by urgency, with links, in plain text too', async () => {
  const { subject, html } = mailOf([
    key('Kiosk', 1),
    key('Website', 6.5),
    key('Reports', 7),
    key('Unused', 7, { kind: 'suspension' }),
    key('Old crawler', -91, { kind: 'idle' }),
  ]);
  expect(subject).toBe('API keys of Harbour Tours: 1 key expires within 1 day, and 4 more');
  expect(await plainTextOf(html)).toBe(`API KEYS OF HARBOUR TOURS

Requests with an expired or suspended key are refused. Extend a key or replace
it before it expires. Revoke a key that nothing uses.


EXPIRES WITHIN 1 DAY

 * Kiosk [https://keys.example.com/dashboard/keys/id-of-Kiosk]
   (ocx_live_…x7Qa): expires on March 2, 2027 at 09:30 UTC


EXPIRES WITHIN 7 DAYS

 * Website [https://keys.example.com/dashboard/keys/id-of-Website]
   (ocx_live_…x7Qa): expires on March 7, 2027 at 21:30 UTC
 * Reports [https://keys.example.com/dashboard/keys/id-of-Reports]
   (ocx_live_…x7Qa): expires on March 8, 2027 at 09:30 UTC


SUSPENDED WITHIN 7 DAYS UNLESS USED

 * Unused [https://keys.example.com/dashboard/keys/id-of-Unused]
   (ocx_live_…x7Qa): is suspended on March 8, 2027 at 09:30 UTC unless it is
   used, by the policy on idle keys


NOT USED FOR 90 DAYS

 * Old crawler [https://keys.example.com/dashboard/keys/id-of-Old crawler]
   (ocx_live_…x7Qa): no requests since November 30, 2026 at 09:30 UTC

View all API keys [https://keys.example.com/dashboard/]

Owners and Admins of Harbour Tours get this mail. Turn notices on or off under
Organization [https://keys.example.com/dashboard/settings].`);
});

it('is one readable column of HTML that follows the reader’s color scheme', () => {
  expect(mailOf([key('Kiosk', 1)]).html).toBe(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>API keys of Harbour Tours</title>
</head>
<body style="font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;max-width:560px;overflow-wrap:anywhere">
<h1 style="font-size:20px">API keys of Harbour Tours</h1>
<p>Requests with an expired or suspended key are refused. Extend a key or replace it before it expires. Revoke a key that nothing uses.</p>
<h2 style="font-size:16px">Expires within 1 day</h2>
<ul>
<li><a href="https://keys.example.com/dashboard/keys/id-of-Kiosk">Kiosk</a> (ocx_live_…x7Qa): expires on March 2, 2027 at 09:30 UTC</li>
</ul>
<p><a href="https://keys.example.com/dashboard/">View all API keys</a></p>
<p style="font-size:14px">Owners and Admins of Harbour Tours get this mail. <a href="https://keys.example.com/dashboard/settings">Turn notices on or off under Organization</a>.</p>
</body>
</html>`);
});

it('tells a partner the org of each key, and a creator why they get it', () => {
  const partner = mailOf([key('Kiosk', 3, { org: 'Pier <One>' })], { as: 'partner', partner: 'Demo & Partner' });
  expect(partner.subject).toBe('API keys of your organizations: 1 key expires within 7 days');
  expect(partner.html).toContain('of Pier &#60;One&#62;: expires on March 4, 2027');
  expect(partner.html).toContain('because this is the contact address of Demo &#38; Partner.');
  expect(partner.html).not.toContain('/dashboard/settings');
  const creator = mailOf([key('Kiosk', 3)], { as: 'creator', org: 'Harbour Tours' });
  expect(creator.html).toContain('because you created these keys of Harbour Tours.');
});

it('escapes names, and cuts a long name of an org in the subject only', () => {
  const org = `"><script>alert(1)</script>${'Å'.repeat(170)}`;
  const { subject, html } = mailOf([key(`<img src=x onerror='alert(1)'>&`, 1, { org })], { as: 'manager', org });
  expect(html).not.toContain('<script');
  expect(html).not.toContain('<img');
  expect(html).toContain('&#60;img src=x onerror=&#39;alert(1)&#39;&#62;&#38;');
  expect(html).toContain('Å'.repeat(170));
  expect(subject).toMatch(/^API keys of .{59}…: 1 key expires within 1 day$/);
  expect(subject.length).toBeLessThan(120);
});

it('counts what it does not list', () => {
  const { subject, html } = mailOf([key('Kiosk', 1), key('Website', 2)], MANAGER, 1_250);
  expect(subject).toBe('API keys of Harbour Tours: 1 key expires within 1 day, and 1,249 more');
  expect(html).toContain('<p>And 1,248 keys more.</p>');
});

it('is in English where there is no translation', () => {
  for (const language of ['en-GB', 'de', 'pt-BR', 'constructor', '__proto__']) {
    expect(noticeWords(language)).toBe(noticeWords('en'));
  }
});
