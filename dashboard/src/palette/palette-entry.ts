import type { ReactNode } from 'react';

/** Something that the palette offers. */
export interface PaletteEntry {
  readonly id: string;
  readonly group: 'Requests' | 'API keys' | 'Services' | 'Go to' | 'Actions';
  readonly label: ReactNode;
  /** What is searched. */
  readonly words: string;
  readonly hint?: string;
  readonly icon: ReactNode;
  readonly run: () => void;
}

/** Whether each word of the text is in the words of the entry. */
export function matches({ words }: Pick<PaletteEntry, 'words'>, text: string): boolean {
  const all = words.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
