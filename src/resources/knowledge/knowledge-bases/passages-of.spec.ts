import { describe, expect, it } from 'vitest';
import { PASSAGE_CHARACTERS_MAX, passagesOf } from './passages-of.js';

const passages = (text: string) => [...passagesOf(text)];
const words = (count: number, word = 'word') =>
  Array.from({ length: count }, (_, index) => `${word}${index}`).join(' ');

describe('passagesOf', () => {
  it('keeps a short text as one trimmed passage', () => {
    expect(passages(' Opening\thours \r\n\r\n\r\n 9 \0 to 5 ')).toEqual(['Opening hours\n\n\n9 to 5']);
    expect(passages(' \n\t ')).toEqual([]);
  });

  it('cuts between paragraphs, and packs short ones together', () => {
    const [one, two, three] = [words(100, 'one'), words(100, 'two'), words(100, 'three')];
    expect(passages(`Title\n\n${one}\n\n${two}\n\n\n${three}`)).toEqual([`Title\n\n${one}`, two, three]);
  });

  it('cuts a long paragraph between lines, a long line between sentences, a long sentence between words', () => {
    const line = words(60, 'line');
    expect(passages(`${line}\n${line}\n${line}`)).toEqual([`${line}\n${line}`, line]);
    const sentence = `${words(60, 'sentence')}.`;
    expect(passages(`${sentence} ${sentence} ${sentence}`)).toEqual([sentence, sentence, sentence]);
    const long = passages(words(1_000));
    expect(long.join(' ')).toBe(words(1_000));
    expect(long.length).toBeLessThan(10);
  });

  it('loses no character of any text, and makes no passage too long', () => {
    const texts = [
      'x'.repeat(5_001),
      '😀'.repeat(2_501),
      '。'.repeat(3_333),
      `${'a.'.repeat(900)} b`,
      '字。'.repeat(2_000),
    ];
    for (const text of texts) {
      const cut = passages(text);
      expect(cut.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      expect(Math.max(...cut.map(({ length }) => length))).toBeLessThanOrEqual(PASSAGE_CHARACTERS_MAX);
      expect(cut.every((passage) => passage.isWellFormed())).toBe(true);
    }
  });
});
