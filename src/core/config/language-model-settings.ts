import type { SettingReader } from './setting-reader.js';

export interface LanguageModelConfig {
  /** Of an API like OpenAI's, including the version, without a trailing slash. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly model: string;
}

export function languageModelOf(read: SettingReader): LanguageModelConfig | undefined {
  const baseUrl = read.optionalUrl('LLM_BASE_URL', ['http', 'https']);
  const apiKey = read.text('LLM_API_KEY', '') || undefined;
  const model = read.text('LLM_MODEL', '');
  if (baseUrl === undefined) return undefined;
  if (model === '') read.refuse('LLM_MODEL', 'is required with LLM_BASE_URL');
  return { baseUrl, apiKey, model };
}
