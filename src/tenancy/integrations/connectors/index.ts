import type { Connector } from '../connector.js';
import { fareharbor } from './fareharbor.js';
import { shopify } from './shopify.js';
import { zendesk } from './zendesk.js';

/** Every provider. To add one, write its file and a line here. */
export const CONNECTORS: readonly Connector[] = [fareharbor, shopify, zendesk];
