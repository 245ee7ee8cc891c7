import { beforeAll, expect, it } from 'vitest';
import { sticksOut, violationsOf } from './support/accessibility.js';
import { peopleOfThisFile } from './support/people.js';

const people = peopleOfThisFile();
const PHONE = { width: 390, height: 844 };
const CONTENT = `
Every booking can be cancelled. What you get back depends on the day.

## Steps

1. Open **My bookings**.
2. Choose the tour, and press \`Cancel\`.

| Days before the tour | You get back | Paid by card | Paid by bank transfer | Paid with a voucher |
| -------------------- | ------------ | ------------ | --------------------- | ------------------- |
| 14 or more           | 100 %        | 2 days       | 5 days                | at once             |

> Vouchers are refunded as vouchers.

    GET /bookings/4711/refunds?include=payments,vouchers,fees&sort=created_at&order=descending&limit=100

A_very_long_word_${'x'.repeat(80)}. See <https://acmetours.example/terms>.
`;

let paths: Record<'the home page' | 'an article' | 'an article from right to left' | 'a page that is missing', string>;
beforeAll(async () => {
  const page = await people.arrive(people.orgId);
  const key = await page.evaluate<string>(
    `fetch('/manage/v1/api-keys', {
      method: 'POST',
      headers: { 'X-Requested-With': 'gatehouse', 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'Writer', scopes: ['help-center:read', 'help-center:write'] }),
    }).then((answer) => answer.json()).then(({ api_key }) => api_key)`,
  );
  const send = async (method: string, path: string, body: object = {}): Promise<{ id: string; slug: string }> => {
    const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
    const answer = await fetch(`${people.url}/help-center${path}`, { method, headers, body: JSON.stringify(body) });
    expect(answer.status).toBeLessThan(300);
    return (await answer.json()) as { id: string; slug: string };
  };
  const publish = async (article: object) => {
    const { id } = await send('POST', '/articles', article);
    return send('POST', `/articles/${id}/publish`);
  };
  const center = { name: 'Acme Tours help', description: 'Answers for travellers.', primary_language: 'en' };
  const { id: centerId } = await send('PUT', '', { ...center, languages: ['he'] });
  const category = { name: 'Booking', icon: '🎿', description: 'Before, during and after.' };
  const { id: category_id } = await send('POST', '/categories', category);
  const refunds = { category_id, title: 'Cancel and get your money back', description: 'How refunds work.' };
  const english = await publish({ ...refunds, content: CONTENT });
  await publish({ category_id, title: 'Change the date', content: 'Write to us.' });
  const hebrew = {
    category_id,
    title: 'ביטול והחזר',
    content: 'כתבו לנו.',
    language: 'he',
    translation_of: english.id,
  };
  const translation = await publish(hebrew);
  const home = `/help/${centerId}`;
  paths = {
    'the home page': home,
    'an article': `${home}/${english.slug}`,
    'an article from right to left': `${home}/${translation.slug}`,
    'a page that is missing': `${home}/gone`,
  };
});

it.each(['the home page', 'an article', 'an article from right to left', 'a page that is missing'] as const)(
  'axe finds no problem with %s of a help center, in light and dark mode, on desktop and phone',
  async (name) => {
    const page = await people.newPage();
    await page.goto(people.url + paths[name]);
    const atDesk = await violationsOf(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize(PHONE);
    const onPhone = await violationsOf(page);
    expect({ atDesk, onPhone, sticksOut: await sticksOut(page) }).toEqual({ atDesk: [], onPhone: [], sticksOut: 0 });
  },
);

it('a reader comes from the home page of a help center to an article and its translation', async () => {
  const page = await people.newPage();
  await page.goto(people.url + paths['the home page']);
  await page.getByRole('link', { name: 'Cancel and get your money back' }).click();
  await page.getByRole('heading', { level: 2, name: 'Steps' }).waitFor();
  await page.getByRole('link', { name: 'עברית' }).click();
  await page.getByRole('heading', { level: 1, name: 'ביטול והחזר' }).waitFor();
  await page.getByRole('link', { name: 'Acme Tours help' }).click();
  await page.getByRole('heading', { level: 2, name: 'Booking' }).waitFor();
});
