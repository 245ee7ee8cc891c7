import { Matches } from 'class-validator';

const CHARACTERS_MAX = 100;
/** For what tells two of the same apart. */
const DERIVED_CHARACTERS_MAX = 90;
/** Letters that aren't one with a mark on it. */
const SPELLED: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ħ: 'h', ı: 'i', ŋ: 'n', ŧ: 't' },
  ...{ а: 'a', б: 'b', в: 'v', г: 'g', ґ: 'g', д: 'd', е: 'e', є: 'ye', ж: 'zh', з: 'z', и: 'i', і: 'i', ї: 'yi' },
  ...{ й: 'y', к: 'k', л: 'l', м: 'm', н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh' },
  ...{ ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch', ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya', ё: 'yo' },
  ...{ α: 'a', β: 'v', γ: 'g', δ: 'd', ε: 'e', ζ: 'z', η: 'i', θ: 'th', ι: 'i', κ: 'k', λ: 'l', μ: 'm', ν: 'n' },
  ...{ ξ: 'x', ο: 'o', π: 'p', ρ: 'r', σ: 's', ς: 's', τ: 't', υ: 'y', φ: 'f', χ: 'ch', ψ: 'ps', ω: 'o' },
};

/** A part of a URL. */
export function IsSlug(): PropertyDecorator {
  return Matches(/^[a-z0-9-]{1,100}$/, {
    message: `$property must be 1 to ${CHARACTERS_MAX} lower-case letters, digits and dashes`,
  });
}

/**
 * A title as a part of a URL: `Größe & Gewicht` → `grosse-gewicht`.
 * @param otherwise for titles in scripts that have no letter of ours
 */
export function slugOf(title: string, otherwise: string): string {
  // Before the marks are taken off, for й is another letter than и, and after, for ή is none of its own.
  const bare = spelled(title.normalize('NFC').toLowerCase())
    .normalize('NFKD')
    .replace(/\p{Mark}|['’]/gu, '');
  const plain = spelled(bare);
  const words = plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
  return words.slice(0, DERIVED_CHARACTERS_MAX).replace(/-$/, '') || otherwise;
}

function spelled(text: string): string {
  return [...text].map((letter) => SPELLED[letter] ?? letter).join('');
}
