import type { ExtractedField } from './extraction.dto.js';
import type { FieldWanted } from './field-wanted.dto.js';
import { labelledTexts, type LabelledText } from './labelled-texts.ts';
import { typedValue } from './typed-value.ts';
import { wordsOf } from './words-of.ts';

/** Below 1, because even an exact label can be wrong. */
const CONFIDENCE_MAX = 0.95;
/** The label has more words than the field's name: `Invoice number (ours)`. */
const EXTRA_WORDS = 0.8;
/** The label has fewer words: `Number` for the invoice number. */
const MISSING_WORDS = 0.5;
/** Another label that fits as well has a different value. */
const CONTRADICTED = 0.6;
/** Real documents have fewer. Limits the work, because each is compared with every field. */
const LABELLED_MAX = 2_000;
const NOT_FOUND: ExtractedField = { value: null, confidence: 0 };

interface Candidate {
  readonly value: Exclude<ExtractedField['value'], null>;
  readonly confidence: number;
}

/**
 * Extracts the value of each field by the labels next to values; text without a label is ignored. The confidence is the
 * product of three factors: similarity of the label, trust that the value belongs to it, and fit of the type.
 */
export function extractFields(text: string, wanted: readonly FieldWanted[]): Record<string, ExtractedField> {
  const names = new Set(wanted.flatMap(namesOf).map((words) => words.join(' ')));
  const labelled = labelledTexts(text, names)
    .slice(0, LABELLED_MAX)
    .map((each) => ({ ...each, words: wordsOf(each.label) }));
  return Object.fromEntries(wanted.map((field) => [field.key, fieldOf(field, labelled)]));
}

function fieldOf(field: FieldWanted, labelled: readonly (LabelledText & { words: string[] })[]): ExtractedField {
  const names = namesOf(field);
  const candidates = labelled
    .flatMap(({ words, texts, trust }) => {
      const likeness = Math.max(...names.map((name) => likenessOf(name, words)));
      return likeness === 0 ? [] : candidatesOf(field, texts, likeness * trust);
    })
    .sort((one, other) => other.confidence - one.confidence);
  const [best] = candidates;
  if (best === undefined) return NOT_FOUND;
  const isContradicted = candidates.some(
    ({ value, confidence }) => confidence === best.confidence && String(value) !== String(best.value),
  );
  const confidence = best.confidence * CONFIDENCE_MAX * (isContradicted ? CONTRADICTED : 1);
  return { value: best.value, confidence: Math.round(confidence * 100) / 100 };
}

function namesOf({ label, key }: FieldWanted): string[][] {
  return (label === undefined ? [key] : [label, key]).map(wordsOf).filter((words) => words.length > 0);
}

/** A column is one candidate for a list. For a single value, each of its rows is a candidate. */
function candidatesOf({ type }: FieldWanted, texts: readonly string[], trust: number): Candidate[] {
  if (type === 'array' && texts.length > 1) return [{ value: texts, confidence: trust }];
  return texts.flatMap((text) => {
    const typed = typedValue(text, type);
    return typed === undefined ? [] : [{ value: typed.value, confidence: trust * typed.fit }];
  });
}

/** Returns the similarity of a label and a field's name, from 0 to 1. */
function likenessOf(name: readonly string[], label: readonly string[]): number {
  if (name.join(' ') === label.join(' ')) return 1;
  if (label.length === 0 || name.length === 0) return 0;
  if (name.every((word) => label.includes(word))) return EXTRA_WORDS * (name.length / label.length);
  return label.every((word) => name.includes(word)) ? MISSING_WORDS * (label.length / name.length) : 0;
}
