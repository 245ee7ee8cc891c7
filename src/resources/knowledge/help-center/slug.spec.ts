import { expect, it } from 'vitest';
import { slugOf } from './slug.js';

it.each([
  ['How do I get a refund?', 'how-do-i-get-a-refund'],
  ['  Größe & Gewicht  ', 'groesse-and-gewicht'],
  ['What’s new -- in 2026?!', 'whats-new-in-2026'],
  ['Crème brûlée: ½ Ångström, Łódź', 'creme-brulee-1-2-angstroem-lodz'],
  ['Ｆｕｌｌ ｗｉｄｔｈ', 'full-width'],
  ['Как вернуть деньги', 'kak-vernut-dengi'],
  ['Επιστροφή χρημάτων', 'epistrofi-xrimaton'],
  ['退款政策', 'article'],
  ['iPhone 15 退款', 'iphone-15'],
  ['🎉', 'article'],
  ['---', 'article'],
  [`${'word '.repeat(40)}`, Array.from({ length: 18 }, () => 'word').join('-')],
])('%s becomes %s', (title, slug) => {
  expect(slugOf(title, 'article')).toBe(slug);
});
