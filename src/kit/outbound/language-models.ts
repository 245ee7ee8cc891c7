import type { LanguageModel } from './language-model.js';

/** The language model that the operator has configured, if there is one. Without it no answer is written by any. */
export class LanguageModels {
  constructor(readonly configured: LanguageModel | undefined) {}
}
