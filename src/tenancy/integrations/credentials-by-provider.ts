import { getMetadataStorage } from 'class-validator';
import { CONNECTORS } from './connectors/index.js';

/** A sentence for the OpenAPI document, whose schemas can't depend on another field. */
export const CREDENTIALS_BY_PROVIDER = `Credentials by provider: ${CONNECTORS.map(({ key, credentials }) => {
  const rules = getMetadataStorage().getTargetValidationMetadatas(credentials, '', false, false);
  return `${key} (${[...new Set(rules.map(({ propertyName }) => propertyName))].join(', ')})`;
}).join(', ')}. The provider must accept them before anything is stored.`;
