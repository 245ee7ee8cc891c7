import type { LanguageModel } from './language-model.js';

/** The language model that the operator configured, if any. */
export class LanguageModels {
  constructor(readonly configured: LanguageModel | undefined) {}
}
